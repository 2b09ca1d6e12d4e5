export interface FrameRate {
  readonly fps: number
  /** As ffmpeg takes it, exact: `30000/1001`. */
  readonly text: string
}

const COMMON: readonly FrameRate[] = [
  '24000/1001',
  '24',
  '25',
  '30000/1001',
  '30',
  '48',
  '50',
  '60000/1001',
  '60',
].map((text) => {
  const [over = 0, under = 1] = text.split('/').map(Number)
  return { text, fps: over / under }
})

/** Networks take 23 to 60 frames a second. */
const FPS_MIN = 23
const FPS_MAX = 60
/** Measured rates wobble with the container's time base. */
const SAME_RATE = 0.002

/**
 * Pure: the constant rate a source is rendered at. Slow sources repeat whole frames and fast ones drop them by a whole
 * factor, so that motion stays even; a variable rate goes to the nearest common one.
 */
export function planRate(measuredFps: number, isVariable: boolean): FrameRate {
  const factor =
    measuredFps < FPS_MIN ? Math.ceil(FPS_MIN / measuredFps) : 1 / Math.ceil((measuredFps / FPS_MAX) * 0.999)
  const fps = measuredFps * factor
  const nearest = COMMON.reduce((best, rate) =>
    Math.abs(rate.fps - fps) < Math.abs(best.fps - fps) ? rate : best,
  )
  if (isVariable || Math.abs(nearest.fps / fps - 1) <= SAME_RATE) return nearest
  const thousandths = Math.round(Math.min(FPS_MAX, fps) * 1000)
  return { fps: thousandths / 1000, text: `${thousandths}/1000` }
}
