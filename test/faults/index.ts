/**
 * `npm run faults -- --rounds N [--seed S]`: N rounds of the fault matrix in random order on one tenant.
 * Prints each broken promise; ends with 1 when there was one.
 */
import { parseArgs } from 'node:util'
import { openEmbeddedPostgres, stopEmbeddedPostgres } from '../../db/embedded.ts'
import { migrateDatabase, openDatabase } from '../../db/open.ts'
import { type Clock, DAY, systemClock } from '../../runtime/core/clock.ts'
import { seededRandom, systemRandom } from '../../runtime/core/random.ts'
import { verifyLedger } from '../../runtime/effects/ledger.ts'
import { openStage } from '../runtime/effects/stage.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { FAULT_CASES } from './effect-matrix.ts'
import { runFaultCase } from './run-fault-case.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
})
const rounds = Number(values.rounds)
const random = seededRandom(Number(values.seed))
const CAPS = { hour: 1_000_000, day: 1_000_000 }
const POLICY = { caps: { tenant: CAPS, agent: CAPS, account: CAPS }, breaker: { burst: 1_000_000 } }

await using cleanup = new AsyncDisposableStack()
const directory = cleanup.use(temporaryDirectory('faults'))
cleanup.defer(async () => void (await stopEmbeddedPostgres({ dataDir: directory.path })))
const server = await openEmbeddedPostgres({ dataDir: directory.path, log: { info() {}, warn() {} } })
await migrateDatabase(server.url)
const stage = await openStage({
  policy: POLICY,
  async openDatabase(clock: Clock = systemClock) {
    const db = await openDatabase({ url: server.url, clock, random: systemRandom, connections: 4 })
    return { ...db, clock, [Symbol.asyncDispose]: () => db.close() }
  },
})
cleanup.use(stage)

let broken = 0
for (let round = 1; round <= rounds; round += 1) {
  const order = FAULT_CASES.map((one) => ({ one, at: random.next() })).sort((a, b) => a.at - b.at)
  for (const { one } of order) {
    const report = await runFaultCase(stage, one, `round ${round}: ${one.name}`)
    broken += report.broken.length
    for (const promise of report.broken) {
      console.error(`round ${round}, when ${one.name}: ${promise} (${report.path.join(' → ')})`)
    }
    // The network's quota of a day is not what is tried here.
    await stage.advance(DAY / FAULT_CASES.length)
  }
  console.log(`round ${round}: ${FAULT_CASES.length} ways to fail`)
}
const ledger = await verifyLedger(stage.db, stage.tenantId, undefined)
const { total, duplicates } = (await stage.sandbox.control('GET', '/publications')).body
const open = (await stage.rows()).filter(({ state }) => state !== 'verified').length
console.log(JSON.stringify({ rounds, total, duplicates, open, broken, ledger: ledger.isIntact }))
if (broken > 0 || duplicates > 0 || open > 0 || !ledger.isIntact) process.exitCode = 1
