export const SHAPES = ['9:16', '1:1', '4:5', '16:9'] as const
export type Shape = (typeof SHAPES)[number]
export type Reframe = 'center-crop' | 'pad' | 'none'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface FramePlan extends Size {
  /** What was done to reach the shape. */
  readonly reframe: Reframe
  /** ffmpeg filters from the upright picture with square pixels to the finished one. */
  readonly filters: readonly string[]
}

/** What the networks show at most; a larger source is scaled down to it, a smaller one is left at its own size. */
const LARGEST: Record<Shape, Size> = {
  '9:16': { width: 1080, height: 1920 },
  '1:1': { width: 1080, height: 1080 },
  '4:5': { width: 1080, height: 1350 },
  '16:9': { width: 1920, height: 1080 },
}

/** Shapes this close need no reframing, only the loss of a row or two. */
const SAME_SHAPE = 0.01

/** Pure: how a picture becomes a shape. Sides are even, pixels square, nothing is ever enlarged. */
export function planFrame(
  source: Size,
  shape: Shape,
  wished: 'auto' | 'center-crop' | 'pad' = 'auto',
): FramePlan {
  const aspect = LARGEST[shape].width / LARGEST[shape].height
  const isSameShape = Math.abs(source.width / source.height / aspect - 1) < SAME_SHAPE
  if (wished === 'pad' && !isSameShape) return planPad(source, shape, aspect)
  return planCrop(source, shape, aspect, isSameShape ? 'none' : 'center-crop')
}

function planCrop(source: Size, shape: Shape, aspect: number, reframe: Reframe): FramePlan {
  const isTooWide = source.width / source.height > aspect
  const crop = isTooWide
    ? { width: nearestEven(source.height * aspect, source.width), height: evenBelow(source.height) }
    : { width: evenBelow(source.width), height: nearestEven(source.width / aspect, source.height) }
  const largest = LARGEST[shape]
  const isLarger = crop.width > largest.width || crop.height > largest.height
  const size = isLarger ? largest : crop
  const filters = [
    ...(crop.width === source.width && crop.height === source.height
      ? []
      : [`crop=${crop.width}:${crop.height}`]),
    ...(isLarger ? [`scale=${size.width}:${size.height}:flags=bicubic`] : []),
  ]
  return { ...size, reframe, filters: [...filters, 'setsar=1'] }
}

function planPad(source: Size, shape: Shape, aspect: number): FramePlan {
  const largest = LARGEST[shape]
  const isTooWide = source.width / source.height > aspect
  const size = isTooWide
    ? frameOfWidth(Math.min(source.width, largest.width), aspect)
    : frameOfWidth(Math.min(source.height, largest.height) * aspect, aspect)
  const scale = Math.min(1, size.width / source.width, size.height / source.height)
  const inner = { width: evenBelow(source.width * scale), height: evenBelow(source.height * scale) }
  const filters = [
    `scale=${inner.width}:${inner.height}:flags=bicubic`,
    `pad=${size.width}:${size.height}:${evenBelow((size.width - inner.width) / 2)}:${evenBelow((size.height - inner.height) / 2)}`,
    'setsar=1',
  ]
  return { ...size, reframe: 'pad', filters }
}

const frameOfWidth = (width: number, aspect: number): Size => {
  const even = evenBelow(width)
  return { width: even, height: nearestEven(even / aspect, Number.POSITIVE_INFINITY) }
}

const evenBelow = (value: number): number => Math.floor(value / 2) * 2
const nearestEven = (value: number, most: number): number =>
  Math.min(Math.round(value / 2) * 2, evenBelow(most))
