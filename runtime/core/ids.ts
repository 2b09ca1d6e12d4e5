/**
 * Identifiers are UUIDv7 (RFC 9562): time-ordered, so that a b-tree grows at its right edge and rows sort by birth.
 * Prefixes (`task_…`) exist only on screens, never in storage.
 */
import { z } from 'zod'
import { type Clock, systemClock } from './clock.ts'
import { type Random, systemRandom } from './random.ts'

export const Uuid = z.uuid()
export type Uuid = string

/** Of this process: two ids of one millisecond still sort by birth. */
let last = { ms: 0, seq: 0 }

/** Next id: 48 bits of milliseconds, a 12-bit count within them from a random start, 62 random bits. */
export function newId(clock: Clock = systemClock, random: Random = systemRandom): Uuid {
  const bytes = random.bytes(16)
  const view = new DataView(bytes.buffer)
  const nowMs = Math.trunc(clock.nowMs())
  const seq = nowMs === last.ms ? last.seq + 1 : view.getUint16(6) & 0x3ff
  // A full count borrows the next millisecond; nobody makes 3,000 ids in one for long.
  last = seq > 0xfff ? { ms: nowMs + 1, seq: 0 } : { ms: nowMs, seq }
  view.setUint16(0, Math.floor(last.ms / 2 ** 32))
  view.setUint32(2, last.ms % 2 ** 32)
  view.setUint16(6, 0x7000 | last.seq)
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80)
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export const isUuid = (text: string): boolean => Uuid.safeParse(text).success
