import { describe, expect, test } from 'vitest'
import { chooseDoomed, chooseReady, resolveBrief } from '../../graphs/plan.ts'
import type { StepView } from '../../graphs/ports.ts'

const step = (key: string, status: StepView['status'], needs: string[] = [], plan = 1): StepView => ({
  id: `${plan}-${key}`,
  key,
  plan,
  status,
  needs,
  agent: 'analytics',
  brief: {},
  report: null,
  trust: 2,
})
const keys = (steps: readonly StepView[]) => steps.map((one) => one.key)

describe('a plan under way', () => {
  test('releases what has nothing left to wait for', () => {
    const steps = [
      step('a', 'done'),
      step('b', 'planned', ['a']),
      step('c', 'planned', ['b']),
      step('d', 'planned'),
    ]
    expect(keys(chooseReady(steps))).toEqual(['b', 'd'])
  })

  test('never releases a step twice', () => {
    expect(chooseReady([step('a', 'released'), step('b', 'done'), step('c', 'failed')])).toEqual([])
  })

  test('gives up what waits for a failure, in its own plan only', () => {
    const steps = [
      step('a', 'failed'),
      step('b', 'planned', ['a']),
      step('b', 'planned', ['a'], 2),
      step('a', 'done', [], 2),
    ]
    expect(chooseDoomed(steps).map((one) => one.id)).toEqual(['1-b'])
    expect(chooseReady(steps).map((one) => one.id)).toEqual(['2-b'])
  })
})

describe('a brief that reads from other steps', () => {
  const reports: Record<string, unknown> = { create: { posts: [{ id: 1 }], clip: { ordinal: 2 } } }
  const reportOf = (key: string) => reports[key]

  test('gets their values, however deep', () => {
    const brief = {
      posts: { $from: 'create', path: 'posts' },
      all: [{ n: { $from: 'create', path: 'clip.ordinal' } }],
      text: 'x',
    }
    expect(resolveBrief(brief, reportOf)).toEqual({ posts: [{ id: 1 }], all: [{ n: 2 }], text: 'x' })
  })

  test('gets nothing for a path that is not there', () => {
    expect(
      resolveBrief({ a: { $from: 'create', path: 'no.such' }, b: { $from: 'nobody', path: 'x' } }, reportOf),
    ).toEqual({
      a: undefined,
      b: undefined,
    })
  })
})
