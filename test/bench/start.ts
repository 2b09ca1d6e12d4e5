import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { stopEmbeddedPostgres } from '../../db/embedded.ts'
import { readRecord } from '../../db/embedded-process.ts'
import { stopAll } from '../../runtime/cli/stop-all.ts'
import { ROOT } from '../support/rooms.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import type { Benchmark, BenchOptions, Figure } from './benchmark.ts'
import { familyCpuMs, listFamily, type MemoryUse, memoryOf, ownCpuMs } from './processes.ts'
import { runChild } from './run-child.ts'
import type { ImportResult, OpenResult } from './start-driver.ts'
import { median } from './statistics.ts'

const DRIVER = new URL('./start-driver.ts', import.meta.url)
/** What an idle daemon keeps in its heap settles within seconds of its start. */
const SETTLE_MS = 5_000

export const start: Benchmark = {
  name: 'start',
  does: 'until the embedded database and the whole daemon are ready, and what they take while nothing happens',
  async run(options) {
    const floor = await runChild<ImportResult>(DRIVER, { does: 'import' })
    return [...(await startEmbedded(options)), ...(await startDaemons(options, floor))]
  },
}

async function startEmbedded({ isQuick, say }: BenchOptions): Promise<Figure[]> {
  say('embedded database')
  const first: OpenResult[] = []
  const later: OpenResult[] = []
  for (let round = 0; round < (isQuick ? 1 : 3); round += 1) {
    using directory = temporaryDirectory('bench-start')
    const dataDir = directory.path
    for (const into of [first, later, later]) {
      into.push(await runChild<OpenResult>(DRIVER, { does: 'open', dataDir }))
      await stopEmbeddedPostgres({ dataDir })
    }
  }
  const laterMs = median(later.map((one) => one.wallMs))
  return [
    {
      what: 'embedded database, first start',
      value: median(first.map((one) => one.wallMs)),
      unit: 'ms',
      against: { what: 'a later start', value: laterMs },
    },
    { what: 'embedded database, later start', value: laterMs, unit: 'ms' },
  ]
}

interface Started {
  readonly wallMs: number
  readonly cpuMs: number
}

interface Idle {
  readonly daemon: MemoryUse
  readonly database: MemoryUse
  readonly sandbox: MemoryUse
  /** Of one core. */
  readonly daemonCpuPercent: number
  readonly databaseCpuPercent: number
}

async function startDaemons({ isQuick, say }: BenchOptions, floor: ImportResult): Promise<Figure[]> {
  using directory = temporaryDirectory('bench-daemon')
  const dataDir = directory.path
  say('daemon, first start')
  const first = await withDaemon(dataDir, async () => undefined)
  const later: Started[] = []
  let idle: Idle | undefined
  for (let round = 0; round < (isQuick ? 1 : 3); round += 1) {
    say('daemon, later start')
    const one = await withDaemon(dataDir, async (pid) => {
      if (round > 0) return
      say('daemon, idle')
      idle = await watchIdle(dataDir, pid, isQuick ? 8_000 : 30_000)
    })
    later.push(one)
  }
  const against = (read: (of: ImportResult) => number) => ({
    what: 'node importing the same packages',
    value: read(floor),
  })
  const ms = (what: string, value: number, read: (of: ImportResult) => number): Figure => ({
    what: `daemon, ${what}`,
    value,
    unit: 'ms',
    against: against(read),
  })
  return [
    ms('first start until ready', first.wallMs, ({ wallMs }) => wallMs),
    ms('later start until ready', median(later.map(({ wallMs }) => wallMs)), ({ wallMs }) => wallMs),
    ms('CPU of a later start, all processes', median(later.map(({ cpuMs }) => cpuMs)), ({ cpuMs }) => cpuMs),
    ...(idle ? idleFigures(idle, against) : []),
  ]
}

function idleFigures(
  idle: Idle,
  against: (read: (of: ImportResult) => number) => { what: string; value: number },
): Figure[] {
  const { daemon, database, sandbox } = idle
  const rss = (use: MemoryUse) => `RSS ${Math.round(use.rssMb)} MB`
  return [
    {
      what: 'daemon process, idle PSS',
      value: daemon.pssMb,
      unit: 'MB',
      against: against(({ pssMb }) => pssMb),
      note: rss(daemon),
    },
    {
      what: "embedded database's processes, idle PSS",
      value: database.pssMb,
      unit: 'MB',
      note: rss(database),
    },
    {
      what: 'daemon and database, idle PSS',
      value: daemon.pssMb + database.pssMb,
      unit: 'MB',
      against: { what: 'aim', value: 400 },
    },
    { what: 'sandbox process, idle PSS', value: sandbox.pssMb, unit: 'MB', note: rss(sandbox) },
    { what: 'daemon process, idle CPU', value: idle.daemonCpuPercent, unit: '% of a core' },
    { what: "database's processes, idle CPU", value: idle.databaseCpuPercent, unit: '% of a core' },
  ]
}

/** Starts `stakazo start` as a person would, waits until its readiness probe says so, and ends all of it. */
async function withDaemon(dataDir: string, work: (pid: number) => Promise<void>): Promise<Started> {
  const startedMs = performance.now()
  const child = spawn(process.execPath, [join(ROOT, 'runtime/cli/bin.js'), 'start', '--json'], {
    cwd: dataDir,
    env: { ...process.env, STAKAZO_DATA: dataDir, STAKAZO_PORT: '0', DATABASE_URL: '', REDIS_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const { url, pid } = await readReady(child)
    while (!(await isReady(url))) await delay(5)
    const started = { wallMs: performance.now() - startedMs, cpuMs: familyCpuMs(pid) }
    await work(pid)
    return started
  } finally {
    await stopAll(dataDir, true)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

async function readReady(child: ChildProcess): Promise<{ url: string; pid: number }> {
  if (!child.stdout) throw new Error('the daemon has no stdout')
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line) as { ready?: boolean; url: string; pid: number }
    if (said.ready) return said
  }
  throw new Error('the daemon ended before it was ready')
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  )

async function watchIdle(dataDir: string, pid: number, watchMs: number): Promise<Idle> {
  await delay(SETTLE_MS)
  const serverPid = (await readRecord(join(dataDir, 'postgres')))?.pid ?? 0
  const database = listFamily(serverPid)
  const sandbox = listFamily(pid).filter((one) => commandOf(one).includes('sandbox'))
  const cpuMs = () => ({ daemon: ownCpuMs(pid), database: familyCpuMs(serverPid) })
  const before = cpuMs()
  await delay(watchMs)
  const after = cpuMs()
  return {
    daemon: memoryOf([pid]),
    database: memoryOf(database),
    sandbox: memoryOf(sandbox),
    daemonCpuPercent: ((after.daemon - before.daemon) / watchMs) * 100,
    databaseCpuPercent: ((after.database - before.database) / watchMs) * 100,
  }
}

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
