/** A pid alone is no name: numbers come round again, and in a container every life has the same one. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export const ProcessIdentity = z.object({
  pid: z.int(),
  /** When the kernel started it, in its own ticks; null where there is no /proc. */
  startTicks: z.string().nullable(),
})
export type ProcessIdentity = z.infer<typeof ProcessIdentity>

export const identifyProcess = (pid: number): ProcessIdentity => ({ pid, startTicks: readStartTicks(pid) })

export function isSameProcess({ pid, startTicks }: ProcessIdentity): boolean {
  if (!isAlive(pid)) return false
  const now = readStartTicks(pid)
  return startTicks === null || now === null || now === startTicks
}

/** Field 22 of /proc/<pid>/stat; the name before it may hold spaces and brackets. */
function readStartTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null // no such process, or no /proc on this system
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
