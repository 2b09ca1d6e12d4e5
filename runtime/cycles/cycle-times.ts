/** When a cycle fires, in its zone; pure. croner knows daylight saving: a skipped hour fires after it, a doubled one once. */
import { Cron } from 'croner'
import { type Instant, instantMs, toInstant } from '../core/clock.ts'

/** The first occurrence strictly after an instant; undefined when the line never fires again. */
export function findNextOccurrence(cron: string, zone: string, after: string): Instant | undefined {
  const next = new Cron(cron, { timezone: zone, paused: true }).nextRun(toInstant(instantMs(after)))
  return next ? toInstant(next.getTime()) : undefined
}

/** What to do with an occurrence that is due now: a later one due as well means that we were away. */
export function decideFiring(options: {
  cron: string
  zone: string
  occurrence: string
  now: string
  missed: 'skip' | 'run-once'
}): 'fire' | 'missed' {
  const following = findNextOccurrence(options.cron, options.zone, options.occurrence)
  const wasAway = following !== undefined && instantMs(following) <= instantMs(options.now)
  return wasAway && options.missed === 'skip' ? 'missed' : 'fire'
}
