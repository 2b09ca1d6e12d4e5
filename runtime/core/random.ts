/** Randomness, as a parameter: `systemRandom` in life, `seededRandom` wherever a run must repeat itself. */
import { randomFillSync } from 'node:crypto'

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, below). */
  int(below: number): number
  bytes(length: number): Uint8Array
}

export const systemRandom: Random = {
  next: () => new DataView(randomFillSync(new Uint8Array(4)).buffer).getUint32(0) / 2 ** 32,
  int: (below) => Math.floor(systemRandom.next() * below),
  bytes: (length) => randomFillSync(new Uint8Array(length)),
}

/** mulberry32: 32 bits of state, good enough for simulations, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number) => Math.floor(next() * below)
  return { next, int, bytes: (length) => Uint8Array.from({ length }, () => int(256)) }
}
