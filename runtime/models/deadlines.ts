/** Bounds an answer in time. SDK timeouts end at the headers; these reach to the last byte and hold for every adapter. */
import { StakazoError } from '../core/errors.ts'

export interface Deadlines {
  firstByteMs: number
  /** Silence between two chunks. */
  idleMs: number
  totalMs: number
}

interface Alarm {
  readonly rings: Promise<never>
  set(ms: number, what: string): void
  clear(): void
}

/** One timer, set again for each wait; ringing aborts the request so that its socket closes. */
function openAlarm(controller: AbortController, link: string): Alarm {
  let timer: NodeJS.Timeout | undefined
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined) // raced against; without a race at that moment it must not end the process
  const { signal } = controller
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return {
    rings: promise,
    set(ms, what) {
      clearTimeout(timer)
      timer = setTimeout(() => {
        controller.abort(
          new StakazoError('model-timeout', `${link}: ${what} within ${ms} ms`, { details: { link } }),
        )
      }, ms)
    },
    clear: () => clearTimeout(timer),
  }
}

/**
 * Yields what `open` yields until a bound is passed or `outer` aborts; then rejects with a `model-timeout` or with the
 * signal's reason at once, even if the source ignores its signal.
 */
export async function* withDeadlines<T>(
  open: (signal: AbortSignal) => AsyncIterator<T>,
  bounds: Deadlines,
  link: string,
  outer: AbortSignal | undefined,
): AsyncGenerator<T> {
  const controller = new AbortController()
  const passOn = () => controller.abort(outer?.reason)
  const alarm = openAlarm(controller, link)
  const whole = setTimeout(() => {
    controller.abort(
      new StakazoError('model-timeout', `${link}: no end within ${bounds.totalMs} ms`, { details: { link } }),
    )
  }, bounds.totalMs)
  if (outer?.aborted) passOn()
  outer?.addEventListener('abort', passOn, { once: true })
  try {
    const source = open(controller.signal)
    alarm.set(bounds.firstByteMs, 'no first byte')
    for (;;) {
      const step = await Promise.race([source.next(), alarm.rings])
      if (step.done) return
      alarm.clear()
      yield step.value
      alarm.set(bounds.idleMs, 'no further byte')
    }
  } finally {
    alarm.clear()
    clearTimeout(whole)
    outer?.removeEventListener('abort', passOn)
    // Ends the request of a consumer that went away; after a regular end nobody listens any more.
    controller.abort(new StakazoError('cancelled', 'nobody reads this answer any more'))
  }
}
