/**
 * Identifiers are UUIDv7 (RFC 9562): time-ordered, so that a b-tree grows at its right edge and rows sort by birth.
 * Prefixes (`task_…`) exist only on screens, never in storage.
 */
import { z } from 'zod'
import { type Clock, systemClock } from './clock.ts'
import { type Random, systemRandom } from './random.ts'

export const Uuid = z.uuid()
export type Uuid = string

/** Next id: 48 bits of wall-clock milliseconds, then version, variant and 74 random bits. */
export function newId(clock: Clock = systemClock, random: Random = systemRandom): Uuid {
  const bytes = random.bytes(16)
  new DataView(bytes.buffer).setBigUint64(
    0,
    (BigInt(Math.trunc(clock.nowMs())) << 16n) | BigInt(((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0)),
  )
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export const isUuid = (text: string): boolean => Uuid.safeParse(text).success
