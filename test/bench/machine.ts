import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'

export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly memoryGb: number
  readonly system: string
  readonly node: string
  readonly date: string
  /** Before the first benchmark: above the number of cores, others were at work and wall times are theirs too. */
  readonly load: number
}

export const describeMachine = (): Machine => ({
  cores: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()}`,
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
  load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
})
