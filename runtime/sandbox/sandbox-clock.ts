/** The sandbox's business clock: wound through the control API, remembered across restarts, shared with the daemon by its figures. */
import { z } from 'zod'
import {
  type Clock,
  type ClockSetting,
  instantMs,
  systemClock,
  toInstant,
  windableClock,
} from '../core/clock.ts'
import { StakazoError } from '../core/errors.ts'
import type { Store } from './store.ts'

/** A point on both clocks. */
export interface Moment {
  businessMs: number
  wallMs: number
}

interface ClockReading extends ClockSetting {
  now: string
  businessMs: number
  wallMs: number
  offsetMs: number
}

export interface SandboxClock extends Clock {
  moment(): Moment
  /** Milliseconds since `then` on whichever clock ran further: a frozen or wound clock never holds processing up. */
  sinceMs(then: Moment): number
  reading(): ClockReading
  wind(change: ClockChange): ClockReading
}

export const ClockChange = z
  .strictObject({
    now: z.union([z.iso.datetime({ offset: true }).transform(instantMs), z.int()]).optional(),
    offsetMs: z.int().optional(),
    rate: z.number().min(0).max(1_000_000).optional(),
  })
  .refine(
    (change) => change.now === undefined || change.offsetMs === undefined,
    'give now or offsetMs, not both',
  )
export type ClockChange = z.infer<typeof ClockChange>

const Setting = z.object({ anchorRealMs: z.number(), anchorBusinessMs: z.number(), rate: z.number() })

export function openSandboxClock(store: Store): SandboxClock {
  const stored = Setting.safeParse(store.readMeta('clock'))
  const clock = windableClock(stored.success ? stored.data : undefined)
  const nowMs = () => Math.floor(clock.nowMs())
  const reading = (): ClockReading => {
    const businessMs = nowMs()
    const wallMs = systemClock.nowMs()
    return {
      ...clock.setting(),
      now: toInstant(businessMs),
      businessMs,
      wallMs,
      offsetMs: businessMs - wallMs,
    }
  }
  return {
    ...clock,
    nowMs,
    moment: () => ({ businessMs: nowMs(), wallMs: systemClock.nowMs() }),
    sinceMs: (then) => Math.max(nowMs() - then.businessMs, systemClock.nowMs() - then.wallMs),
    reading,
    wind({ now, offsetMs, rate }) {
      const wallMs = systemClock.nowMs()
      const businessMs = now ?? (offsetMs === undefined ? clock.nowMs() : wallMs + offsetMs)
      clock.set({ anchorRealMs: wallMs, anchorBusinessMs: businessMs, rate: rate ?? clock.setting().rate })
      store.writeMeta('clock', clock.setting())
      return reading()
    },
  }
}

/** Follows the clock another process shows at `url` (the shape of `GET /control/clock`) until the signal aborts. */
export async function followClock(clock: SandboxClock, url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await fetch(url, { signal })
    const theirs = Setting.safeParse(await answer.json())
    if (!theirs.success)
      throw new StakazoError('config-invalid', `${url} shows no clock setting`, { cause: theirs.error })
    const ours = clock.reading()
    const theirNowMs =
      theirs.data.anchorBusinessMs + (ours.wallMs - theirs.data.anchorRealMs) * theirs.data.rate
    if (
      ours.rate !== theirs.data.rate ||
      Math.abs(theirNowMs - ours.businessMs) > 50 * Math.max(1, ours.rate)
    ) {
      clock.wind({ now: Math.floor(theirNowMs), rate: theirs.data.rate })
    }
    await clock.sleep(1_000, signal)
  }
}
