/** Quiet hours are wall-clock times of a zone, so that they stay where people sleep when clocks change. */
import { addMs, type Instant, instantMs, MINUTE } from '../core/clock.ts'

/** The first instant after the quiet span that `at` lies in; undefined when `at` is not quiet. */
export function endOfQuiet(
  hours: { from: string; to: string },
  at: Instant,
  zone: string,
): Instant | undefined {
  const isQuiet = (instant: Instant) => lies(clockTime(instant, zone), hours)
  if (!isQuiet(at)) return undefined
  // A minute at a time, over at most 25 hours: right on the days when an hour is missing or comes twice.
  let end = addMs(at, MINUTE)
  for (let minutes = 1; minutes < 25 * 60 && isQuiet(end); minutes += 1) end = addMs(end, MINUTE)
  return `${end.slice(0, 16)}:00.000Z` as Instant
}

const lies = (time: string, { from, to }: { from: string; to: string }) =>
  from <= to ? time >= from && time < to : time >= from || time < to

const formats = new Map<string, Intl.DateTimeFormat>()

function clockTime(instant: Instant, zone: string): string {
  const known = formats.get(zone)
  const format =
    known ??
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  if (!known) formats.set(zone, format)
  return format.format(instantMs(instant))
}
