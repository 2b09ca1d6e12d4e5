import { openBenchServer } from './bench-database.ts'
import type { Benchmark, Figure } from './benchmark.ts'
import { runChild } from './run-child.ts'
import { median } from './statistics.ts'
import type { StepInput, StepResult } from './step-driver.ts'
import { FOUNDATIONS, type Foundation } from './step-runs.ts'

const DRIVER = new URL('./step-driver.ts', import.meta.url)
const STORED: readonly Foundation[] = ['raw-postgres', 'loop-durable', 'loop-rules']

/** Says little more at a second K; a quick run does without. */
const ONLY_FULL: readonly Foundation[] = ['loop-memory', 'loop-rules']

const NAMES: Readonly<Record<Foundation, string>> = {
  'raw-memory': 'LangGraph in memory',
  'raw-postgres': 'LangGraph + PostgresSaver, sync',
  'loop-memory': 'our graph in memory',
  'loop-durable': 'our durable loop',
  'loop-rules': 'our durable loop, playbook as the model',
}

export const stepOverhead: Benchmark = {
  name: 'step-overhead',
  does: 'one tool call of a role (a turn and a tool), durable, over raw LangGraph with the same two nodes',
  async run({ isQuick, say }) {
    await using server = await openBenchServer()
    const figures: Figure[] = []
    for (const calls of isQuick ? [10, 50] : [10, 50, 200]) {
      const results = new Map<Foundation, StepResult>()
      for (const foundation of FOUNDATIONS) {
        if (isQuick && calls > HEAP_CALLS && ONLY_FULL.includes(foundation)) continue
        say(`${NAMES[foundation]}, ${calls} calls`)
        const database = STORED.includes(foundation)
          ? { url: await server.newDatabase(), serverPid: server.serverPid }
          : undefined
        const input: StepInput = {
          foundation,
          calls,
          ...repetitions(calls, isQuick),
          ...(database ? { database } : {}),
        }
        results.set(foundation, await runChild<StepResult>(DRIVER, input, { exposesGc: true }))
      }
      figures.push(...toFigures(calls, results))
    }
    return figures
  },
}

/** Heaps settle only after many jobs, so growth is read where jobs are short. */
const HEAP_CALLS = 10

function repetitions(calls: number, isQuick: boolean): Pick<StepInput, 'jobs' | 'warmUps'> {
  if (calls === HEAP_CALLS) return isQuick ? { jobs: 8, warmUps: 4 } : { jobs: 40, warmUps: 10 }
  return isQuick ? { jobs: 2, warmUps: 1 } : { jobs: calls === 50 ? 7 : 3, warmUps: 1 }
}

function toFigures(calls: number, results: ReadonlyMap<Foundation, StepResult>): Figure[] {
  const compare = (
    what: string,
    unit: string,
    [ours, raw]: readonly [Foundation, Foundation],
    read: (result: StepResult) => number,
  ): Figure[] => {
    const [mine, other] = [results.get(ours), results.get(raw)]
    if (!mine || !other) return []
    return [
      {
        what: `${NAMES[ours]}, K=${calls}: ${what}`,
        value: read(mine),
        unit,
        against: { what: NAMES[raw], value: read(other) },
      },
    ]
  }
  const cpu = (result: StepResult) => median(result.cpuMicros)
  const wall = (result: StepResult) => median(result.wallMs)
  const stored = ['loop-durable', 'raw-postgres'] as const
  return [
    ...compare('CPU', 'µs/step', ['loop-memory', 'raw-memory'], cpu),
    ...compare('CPU', 'µs/step', ['loop-durable', 'raw-memory'], cpu),
    ...compare('CPU', 'µs/step', stored, cpu),
    ...compare('wall', 'ms/step', stored, wall),
    ...compare('database CPU', 'µs/step', stored, (result) => result.databaseCpuMicros),
    ...compare('SQL statements', '/step', stored, (result) => result.statements),
    ...compare('transactions', '/step', stored, (result) => result.transactions),
    ...compare('bytes over the wire', 'B/step', stored, (result) => result.wireBytes),
    ...compare('bytes of WAL', 'B/step', stored, (result) => result.walBytes),
    ...(calls === HEAP_CALLS
      ? compare('heap growth', 'B/job', stored, (result) => result.heapBytesPerJob)
      : []),
    ...compare('peak RSS', 'MB', stored, (result) => result.maxRssMb),
    ...compare('CPU', 'µs/step', ['loop-rules', 'loop-durable'], cpu),
    ...compare('wall', 'ms/step', ['loop-rules', 'loop-durable'], wall),
    ...compare('SQL statements', '/step', ['loop-rules', 'loop-durable'], (result) => result.statements),
  ]
}
