/**
 * `npm run bench`: what things cost, as ratios to the raw library or the machine's own limit.
 *
 *     npm run bench -- --quick --only step-overhead
 *     npm run bench -- --markdown
 */
import { parseArgs } from 'node:util'
import type { Benchmark } from './benchmark.ts'
import { load } from './load.ts'
import { describeMachine } from './machine.ts'
import { media } from './media.ts'
import { memoryRecall } from './memory-recall.ts'
import { queueRoundTrip } from './queue-round-trip.ts'
import { type Result, toMarkdown, toText } from './report.ts'
import { start } from './start.ts'
import { stepOverhead } from './step-overhead.ts'

const BENCHMARKS: readonly Benchmark[] = [stepOverhead, queueRoundTrip, start, load, memoryRecall, media]

/** By convention 128 and the signal's number. */
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(code))
}

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
  },
})

const unknown = flags.only.filter((name) => !BENCHMARKS.some((one) => one.name === name))
if (unknown.length > 0) {
  console.error(
    `no benchmark is called ${unknown.join(', ')}; there are ${BENCHMARKS.map((one) => one.name).join(', ')}`,
  )
  process.exitCode = 2
} else {
  const machine = describeMachine()
  const results: Result[] = []
  for (const { name, does, run } of BENCHMARKS) {
    if (flags.only.length > 0 && !flags.only.includes(name)) continue
    const startedMs = performance.now()
    const say = (line: string) => console.error(`${name}: ${line}`)
    try {
      const figures = await run({ isQuick: flags.quick, say })
      const wallMs = performance.now() - startedMs
      results.push({ name, does, wallMs, figures })
      say(`done in ${(wallMs / 1_000).toFixed(1)} s`)
    } catch (error) {
      // The others' figures are worth having; the exit code says the truth.
      console.error(error)
      process.exitCode = 1
    }
  }
  const show = flags.markdown ? toMarkdown : toText
  process.stdout.write(
    flags.json ? `${JSON.stringify({ machine, results }, null, 2)}\n` : show(machine, results),
  )
}
