import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks again until the answer is neither undefined nor false nor an error, and returns it; fails with the last error
 * at the deadline. The deadline bounds a failure, it times nothing: make it generous.
 */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 10 }: { withinMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, undefined | false>> {
  const deadlineMs = performance.now() + withinMs
  let last: unknown
  do {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>
      last = undefined
    } catch (error) {
      last = error
    }
    await delay(everyMs)
  } while (performance.now() < deadlineMs)
  throw new Error(`it did not come true within ${withinMs} ms`, { cause: last })
}
