import { SECOND } from '../../runtime/core/clock.ts'
import { StakazoError } from '../../runtime/core/errors.ts'

export interface ClipLengths {
  readonly minMs: number
  readonly targetMs: number
  readonly maxMs: number
}

/** Short vertical films hold their viewers for about this long. */
const TARGET_MS = 20 * SECOND
const LEAST_MS = 3 * SECOND
const MOST_MS = 60 * SECOND
/** Room between clips, so that borders can fall on cuts and silences. */
const SPARE = 1.2

/**
 * Pure: lengths for `count` clips of a film, where the asker left them open. A short film gets shorter clips, not
 * fewer; what was asked for is never changed, only refused when it contradicts itself.
 */
export function planLengths(
  durationMs: number,
  count: number,
  wished: { minMs?: number | undefined; targetMs?: number | undefined; maxMs?: number | undefined },
): ClipLengths {
  const share = Math.max(LEAST_MS, Math.min(TARGET_MS, Math.floor(durationMs / (count * SPARE))))
  const targetMs = wished.targetMs ?? clamp(share, wished.minMs, wished.maxMs)
  const minMs = wished.minMs ?? Math.min(wished.maxMs ?? targetMs, Math.max(LEAST_MS, targetMs * 0.6))
  const maxMs = wished.maxMs ?? Math.max(minMs, Math.min(Math.max(MOST_MS, targetMs), targetMs * 1.6))
  if (minMs > targetMs || targetMs > maxMs) {
    throw new StakazoError(
      'bad-input',
      `clip lengths contradict: ${minMs} to ${maxMs} ms, wished ${targetMs} ms`,
      {
        details: { minMs, targetMs, maxMs },
      },
    )
  }
  return { minMs: Math.round(minMs), targetMs: Math.round(targetMs), maxMs: Math.round(maxMs) }
}

const clamp = (value: number, least = 0, most = Number.POSITIVE_INFINITY): number =>
  Math.min(most, Math.max(least, value))
