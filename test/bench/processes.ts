/** What the kernel says of processes. Linux only: elsewhere the figures are absent. */
import { readdirSync, readFileSync } from 'node:fs'

/** Ticks of /proc are hundredths of a second on every Linux Node runs on. */
const TICK_MS = 10

interface Stat {
  readonly parent: number
  readonly ownMs: number
  /** Of children that ended and were waited for. */
  readonly endedMs: number
}

function readStat(pid: number): Stat | undefined {
  const text = readProc(pid, 'stat')
  // The name in parentheses may hold spaces; what follows it does not.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  if (!fields) return undefined
  const ticks = (place: number) => Number(fields[place]) * TICK_MS
  return { parent: Number(fields[1]), ownMs: ticks(11) + ticks(12), endedMs: ticks(13) + ticks(14) }
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined // it has ended
  }
}

/** A process and all that descend from it. */
export function listFamily(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? readStat(Number(name))?.parent : undefined
    if (parent !== undefined) parents.set(Number(name), parent)
  }
  const isOfFamily = (one: number | undefined): boolean =>
    one === pid || (one !== undefined && one > 1 && isOfFamily(parents.get(one)))
  return [...parents.keys()].filter(isOfFamily)
}

/** Processor time of a family so far, ended children included. */
export const familyCpuMs = (pid: number): number =>
  listFamily(pid).reduce((sum, one) => sum + (readStat(one)?.ownMs ?? 0) + (readStat(one)?.endedMs ?? 0), 0)

/** Of children that ended and were waited for. */
export const endedChildrenCpuMs = (): number => readStat(process.pid)?.endedMs ?? 0

const kilobytes = (text: string | undefined, name: string): number =>
  Number(text?.match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0)

const MB = 1024

export interface MemoryUse {
  readonly rssMb: number
  /** Pages shared with others counted by share: the sum over processes is what the machine gives. */
  readonly pssMb: number
}

export function memoryOf(pids: readonly number[]): MemoryUse {
  const sum = (file: string, name: string) =>
    pids.reduce((total, pid) => total + kilobytes(readProc(pid, file), name), 0) / MB
  return { rssMb: sum('status', 'VmRSS'), pssMb: sum('smaps_rollup', 'Pss') }
}

export const peakRssMb = (pid: number): number => kilobytes(readProc(pid, 'status'), 'VmHWM') / MB

export const ownCpuMs = (pid: number): number => readStat(pid)?.ownMs ?? 0
