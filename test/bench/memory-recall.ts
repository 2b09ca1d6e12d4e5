import { openBenchServer } from './bench-database.ts'
import type { Benchmark, Figure } from './benchmark.ts'
import type { RecallInput, RecallResult } from './recall-driver.ts'
import { runChild } from './run-child.ts'
import { percentile } from './statistics.ts'

const DRIVER = new URL('./recall-driver.ts', import.meta.url)

export const memoryRecall: Benchmark = {
  name: 'memory-recall',
  does: "one recall among a brand's memories on the embedded database, by words, over the bare text search",
  async run({ isQuick, say }) {
    await using server = await openBenchServer()
    const figures: Figure[] = []
    for (const items of isQuick ? [1_000] : [1_000, 5_000, 20_000]) {
      say(`${items} memories`)
      const input: RecallInput = {
        databaseUrl: await server.newDatabase(),
        items,
        questions: isQuick ? 40 : 100,
      }
      const { ms, bareMs, found } = await runChild<RecallResult>(DRIVER, input)
      for (const share of [0.5, 0.95]) {
        figures.push({
          what: `recall among ${items.toLocaleString('en-US')}, p${share * 100}`,
          value: percentile(ms, share),
          unit: 'ms',
          against: { what: 'one ts_rank query of the same words', value: percentile(bareMs, share) },
        })
      }
      figures.push({
        what: `planted memory among the answers, of ${items.toLocaleString('en-US')}`,
        value: (found / ms.length) * 100,
        unit: '%',
      })
    }
    return figures
  },
}
