import { describe, expect, test } from 'vitest'
import { planFrame, SHAPES } from '../../../../tools/media/engine/frame-plan.ts'
import { planRate } from '../../../../tools/media/engine/frame-rate.ts'

const sources = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
  { width: 853, height: 480 },
  { width: 1080, height: 1920 },
  { width: 3840, height: 2160 },
  { width: 719, height: 719 },
  { width: 320, height: 2000 },
]
const every = sources.flatMap((source) => SHAPES.map((shape) => ({ source, shape })))

describe('planFrame', () => {
  test.each(every)(
    'gives even sides of the right shape without enlarging: $source to $shape',
    ({ source, shape }) => {
      for (const wished of ['auto', 'pad'] as const) {
        const plan = planFrame(source, shape, wished)
        const [across = 1, down = 1] = shape.split(':').map(Number)
        expect([plan.width % 2, plan.height % 2]).toEqual([0, 0])
        expect(plan.width / plan.height / (across / down)).toBeCloseTo(1, 1)
        if (plan.reframe === 'pad')
          expect(plan.width <= source.width || plan.height <= source.height).toBe(true)
        else expect(plan.width <= source.width && plan.height <= source.height).toBe(true)
        expect(Math.max(plan.width, plan.height)).toBeLessThanOrEqual(1920)
      }
    },
  )

  test.each([
    [{ width: 1920, height: 1080 }, '9:16', 608, 1080, 'center-crop'],
    [{ width: 1920, height: 1080 }, '1:1', 1080, 1080, 'center-crop'],
    [{ width: 1920, height: 1080 }, '16:9', 1920, 1080, 'none'],
    [{ width: 3840, height: 2160 }, '9:16', 1080, 1920, 'center-crop'],
    [{ width: 1080, height: 1920 }, '9:16', 1080, 1920, 'none'],
    [{ width: 1080, height: 1920 }, '4:5', 1080, 1350, 'center-crop'],
  ] as const)('%o to %s is %i x %i by %s', (source, shape, width, height, reframe) => {
    expect(planFrame(source, shape)).toMatchObject({ width, height, reframe })
  })

  test('pads when asked, whole picture inside', () => {
    const plan = planFrame({ width: 1280, height: 720 }, '9:16', 'pad')
    expect(plan).toMatchObject({ width: 1080, height: 1920, reframe: 'pad' })
    expect(plan.filters[0]).toBe('scale=1080:606:flags=bicubic')
  })
})

describe('planRate', () => {
  test.each([
    [24.0003, '24'],
    [23.976, '24000/1001'],
    [29.97, '30000/1001'],
    [12.5, '25'],
    [10, '30'],
    [120, '60'],
    [59.94, '60000/1001'],
    [27.5, '27500/1000'],
  ])('renders %d frames a second at %s', (fps, text) => {
    expect(planRate(fps, false).text).toBe(text)
  })

  test('takes a variable rate to the nearest common one', () => {
    expect(planRate(27.3, true).text).toBe('25')
  })
})
