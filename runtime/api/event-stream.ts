/**
 * Server-sent events from the event table. Between two looks no database connection is held; the id of an event is its
 * place in the stream it belongs to, so that ids are consecutive and `Last-Event-ID` resumes without a gap.
 */
import type { StoredEvent } from '../../db/queries/events.ts'
import { type Clock, SECOND } from '../core/clock.ts'
import { StakazoError } from '../core/errors.ts'
import type { EventFeed } from './event-feed.ts'

/** A comment line this often keeps proxies from closing and finds dead clients. */
const HEARTBEAT_MS = 15 * SECOND

export interface EventStream {
  readonly tenantId: string
  readonly feed: EventFeed
  readonly clock: Clock
  /** Place of the last event the client has; 0 from the start. */
  readonly after: number
  /** Reads on from a place; `seq` is the last one read, undefined at first. */
  read(place: number, seq: number | undefined): Promise<StoredEvent[]>
  /** Asked when nothing is left to read: true ends the stream. */
  isOver(): Promise<boolean>
  readonly signal: AbortSignal
}

export function parseLastEventId(text: string | undefined): number {
  if (text === undefined || text === '' || text === '-1') return 0
  const place = Number(text)
  if (Number.isSafeInteger(place) && place >= 0) return place
  throw new StakazoError('bad-input', 'Last-Event-ID is the number of an event of this stream')
}

export function streamEvents(stream: EventStream): Response {
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, stream.signal])
  const chunks = writeEvents(stream, signal)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: () => stop.abort(),
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  })
}

async function* writeEvents(stream: EventStream, signal: AbortSignal): AsyncGenerator<string> {
  let place = stream.after
  let seq: number | undefined
  const bell = openBell()
  const unsubscribe = stream.feed.subscribe(stream.tenantId, bell.ring)
  signal.addEventListener('abort', bell.ring, { once: true })
  try {
    yield ': connected\n\n'
    while (!signal.aborted) {
      // Asked before reading: whatever was written before "over" is then read in this round.
      const isOver = await stream.isOver()
      const events = await stream.read(place, seq)
      for (const event of events) {
        place++
        seq = event.seq
        yield toFrame(place, event)
      }
      if (events.length > 0) continue
      if (isOver) return yield 'event: end\ndata: {}\n\n'
      if (!(await bell.wait(stream.clock, signal))) yield ': still here\n\n'
    }
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', bell.ring)
  }
}

function toFrame(place: number, { tenantId: _, ...event }: StoredEvent): string {
  return `id: ${place}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

/** Remembers a ring that came while nobody waited. */
function openBell() {
  let hasRung = false
  let wake: (() => void) | undefined
  const ring = () => {
    hasRung = true
    wake?.()
  }
  /** False when the heartbeat came first. */
  const wait = async (clock: Clock, signal: AbortSignal): Promise<boolean> => {
    if (!hasRung && !signal.aborted) {
      const stop = new AbortController()
      const rung = new Promise<void>((resolve) => {
        wake = resolve
      })
      await Promise.race([rung, clock.sleep(HEARTBEAT_MS, stop.signal).catch(() => undefined)])
      stop.abort()
      wake = undefined
    }
    const answer = hasRung
    hasRung = false
    return answer
  }
  return { ring, wait }
}
