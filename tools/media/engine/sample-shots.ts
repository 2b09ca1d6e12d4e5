/** The pictures of the sample film: small animated paintings, drawn pixel by pixel and enlarged by the encoder's side. */

export interface Shot {
  readonly startFrame: number
  readonly frames: number
  readonly isLoud: boolean
  /** Which kind of picture; any number, the kinds take turns. */
  readonly style: number
  /** 0 to 1: where on the colour circle the palette starts. */
  readonly hue: number
  /** 0 to 1: zoom, speed and count within the kind. */
  readonly variant: number
}

/** A fifth of 1280 x 720: soft shapes survive the enlargement, and drawing costs a twenty-fifth. */
export const CANVAS_WIDTH = 256
export const CANVAS_HEIGHT = 144
export const CANVAS_BYTES = CANVAS_WIDTH * CANVAS_HEIGHT * 3

const { abs, atan2, cos, exp, floor, hypot, log, max, min, sin } = Math
const BEAT_S = 0.5
const HALF_WIDTH = 16 / 9

/** What a brush says of one point: a place in the palette (any number, it wraps) and a brightness from 0 to 1. */
interface Ink {
  tone: number
  shade: number
}
/** `x` runs from -1.78 to 1.78, `y` downwards from -1 to 1. */
type Brush = (x: number, y: number, ink: Ink) => void
/** Prepares a brush for one moment; `pulse` is near 1 just after a beat and dies away. */
type Painter = (time: number, variant: number, pulse: number) => Brush

/** Draws one frame of a shot as RGB, 8 bits each. */
export function drawFrame(shot: Shot, timeS: number): Buffer {
  const painters = shot.isLoud ? LOUD : QUIET
  const painter = painters[shot.style % painters.length] ?? plasma
  const brush = painter(timeS, shot.variant, pulseAt(timeS % BEAT_S))
  const palette = paletteOf(painter === sunset ? 0 : shot.hue)
  const frame = Buffer.alloc(CANVAS_BYTES)
  const ink: Ink = { tone: 0, shade: 0 }
  let at = 0
  for (let row = 0; row < CANVAS_HEIGHT; row++) {
    const y = (2 * row) / CANVAS_HEIGHT - 1
    for (let column = 0; column < CANVAS_WIDTH; column++) {
      brush(((2 * column) / CANVAS_WIDTH - 1) * HALF_WIDTH, y, ink)
      const colour = ((ink.tone * 256) & 255) * 3
      const shade = min(1, max(0, ink.shade))
      frame[at++] = (palette[colour] ?? 0) * shade
      frame[at++] = (palette[colour + 1] ?? 0) * shade
      frame[at++] = (palette[colour + 2] ?? 0) * shade
    }
  }
  return frame
}

/** Swells over an eighth of a second: a jump would look like a cut, to people and to detectors. */
const pulseAt = (inBeatS: number): number => min(1, inBeatS / 0.125) * exp(-inBeatS * 6) * 1.6

/** 256 colours round a circle; the three channels lag behind each other by unequal steps, which keeps them clear. */
function paletteOf(hue: number): Uint8Array {
  const lags = [0, 0.28, 0.6]
  const colours = Array.from({ length: 256 }, (_, index) =>
    lags.map((lag) => 140 + 112 * cos(2 * Math.PI * (index / 256 + hue + lag))),
  )
  return Uint8Array.from(colours.flat())
}

/** 1 inside an edge, 0 outside, soft over twice `width`. */
const soft = (distance: number, width: number): number => min(1, max(0, 0.5 - distance / (2 * width)))

const plasma: Painter = (time, variant) => {
  const zoom = 1.4 + variant
  return (x, y, ink) => {
    const wave =
      sin(x * zoom + time) + sin(y * zoom * 1.6 - time * 0.7) + sin((x + y) * zoom * 0.8 + time * 0.5)
    ink.tone = 0.14 * wave + 0.1
    ink.shade = 0.72 + 0.2 * sin(wave * 2)
  }
}

const HORIZON = 0.42

/** Keeps its own colours: yellow sun, orange to purple sky, violet sea with the sun's track on it. */
const sunset: Painter = (time, variant) => {
  const sunX = variant * 1.6 - 0.8
  const sunY = 0.05 + time * 0.04
  return (x, y, ink) => {
    if (y < HORIZON) {
      const sun = soft(hypot(x - sunX, y - sunY) - 0.34, 0.015)
      ink.tone = sun > 0.5 ? 0.88 : 0.96 + (HORIZON - y) * 0.17
      ink.shade = sun > 0.5 ? 1 : 0.9 - (HORIZON - y) * 0.3
      return
    }
    const depth = y - HORIZON
    const ripple = sin(90 * depth ** 0.6 + 2 * sin(x * 3 + time) - time * 3)
    const track =
      soft(abs(x - sunX + 0.05 * sin(y * 50 + time * 5)) - 0.2 - depth * 0.2, 0.12) * (0.6 + 0.4 * ripple)
    ink.tone = track > 0.45 ? 0.93 : 0.36 - depth * 0.1
    ink.shade = 0.42 + 0.1 * ripple + 0.4 * track
  }
}

const JULIA_STEPS = 36

const julia: Painter = (time, variant) => {
  const addRe = -0.74 + 0.06 * sin(time * 0.35 + variant * 6)
  const addIm = 0.16 + 0.07 * cos(time * 0.28)
  return (x, y, ink) => {
    let re = x * 0.9
    let im = y * 0.9
    let steps = 0
    for (; steps < JULIA_STEPS && re * re + im * im < 8; steps++) {
      const next = re * re - im * im + addRe
      im = 2 * re * im + addIm
      re = next
    }
    const smooth = steps < JULIA_STEPS ? steps - log(log(re * re + im * im)) : JULIA_STEPS
    ink.tone = 0.045 * smooth
    ink.shade = steps < JULIA_STEPS ? 0.25 + smooth / 28 : 0.12
  }
}

const tunnel: Painter = (time, variant, pulse) => {
  const arms = 3 + floor(variant * 4)
  return (x, y, ink) => {
    const radius = hypot(x, y) + 0.02
    const turn = atan2(y, x) * arms + time * 1.5
    const depth = log(radius) * 6 - time * 7
    ink.tone = 0.15 * sin(turn) + 0.09 * depth
    ink.shade = (0.45 + 0.4 * sin(depth) * cos(turn)) * min(1, 0.15 + radius * 2) + 0.3 * pulse
  }
}

const bouncing: Painter = (time, variant) => {
  const balls = [0, 1, 2, 3].map((ball) => ({
    x: 1.45 * sin(time * (1.1 + ball * 0.5 + variant) + ball * 2),
    y: 0.72 - 1.3 * abs(sin(time * (3.14 + ball * 0.4) + ball)),
    size: 0.3 - ball * 0.04,
    tone: ball * 0.13,
  }))
  return (x, y, ink) => {
    ink.tone = 0.6
    ink.shade = (floor(x * 4 + 40 + time * 0.8) + floor(y * 4 + 40)) % 2 ? 0.34 : 0.24
    for (const ball of balls) {
      const cover = soft(hypot(x - ball.x, y - ball.y) - ball.size, 0.02)
      if (cover <= 0) continue
      const gloss = max(0, 1 - hypot(x - ball.x + ball.size * 0.3, y - ball.y + ball.size * 0.35) / ball.size)
      ink.tone = ball.tone
      ink.shade = ink.shade * (1 - cover) + (0.65 + 0.35 * gloss) * cover
    }
  }
}

const squares: Painter = (time, variant, pulse) => {
  const turnX = cos(time * (0.8 + variant))
  const turnY = sin(time * (0.8 + variant))
  return (x, y, ink) => {
    const ring = max(abs(x * turnX - y * turnY), abs(x * turnY + y * turnX)) * 5 - time * 4
    ink.tone = floor(ring) * 0.17
    ink.shade = 0.35 + 0.5 * soft(abs(ring - floor(ring) - 0.5) - 0.3, 0.06) + 0.2 * pulse
  }
}

const bars: Painter = (time, variant, pulse) => {
  const beat = floor(time / BEAT_S)
  const step = 1.3 + variant
  const glide = min(1, (time / BEAT_S - beat) * 2)
  return (x, y, ink) => {
    const place = (x + HALF_WIDTH) * 5
    const column = floor(place)
    const before = abs(sin(column * 1.7 + (beat - 1) * step))
    const now = abs(sin(column * 1.7 + beat * step))
    const level = 0.35 + (before + (now - before) * glide) * (0.5 + 0.4 * pulse)
    const lit = soft(abs(place - column - 0.5) - 0.38, 0.05) * soft(1 - y - level * 1.5, 0.02)
    ink.tone = column * 0.03 + y * 0.08
    ink.shade = 0.14 + 0.85 * lit * (0.7 + 0.3 * y)
  }
}

const flower: Painter = (time, variant, pulse) => {
  const petals = 5 + floor(variant * 5)
  const reach = 0.32 * (0.6 + 0.6 * pulse)
  return (x, y, ink) => {
    const radius = hypot(x, y)
    const inside = soft(radius - 0.55 - reach * sin((atan2(y, x) + time * 0.9) * petals), 0.03)
    ink.tone = 0.25 * radius + inside * 0.4 - time * 0.2
    ink.shade = inside > 0.5 ? 0.95 - 0.4 * radius : 0.3 + 0.15 * sin(radius * 20 - time * 12)
  }
}

const QUIET: readonly Painter[] = [sunset, plasma, julia]
const LOUD: readonly Painter[] = [tunnel, bouncing, squares, bars, flower]
