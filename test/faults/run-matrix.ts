/** The fault matrix in random order on one tenant, round after round. */
import { openEmbeddedPostgres, stopEmbeddedPostgres } from '../../db/embedded.ts'
import { migrateDatabase, openDatabase } from '../../db/open.ts'
import { type Clock, DAY, systemClock } from '../../runtime/core/clock.ts'
import { type Random, systemRandom } from '../../runtime/core/random.ts'
import { verifyLedger } from '../../runtime/effects/ledger.ts'
import { openStage } from '../runtime/effects/stage.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { FAULT_CASES } from './effect-matrix.ts'
import { runFaultCase } from './run-fault-case.ts'

export interface MatrixReport {
  readonly rounds: number
  readonly cases: number
  /** Posts the network has, and how many of them are there twice. */
  readonly total: number
  readonly duplicates: number
  /** Acts that did not end as verified. */
  readonly open: number
  readonly isLedgerIntact: boolean
  readonly broken: readonly string[]
}

const CAPS = { hour: 1_000_000, day: 1_000_000 }
const POLICY = { caps: { tenant: CAPS, agent: CAPS, account: CAPS }, breaker: { burst: 1_000_000 } }

export async function runMatrix(
  rounds: number,
  random: Random,
  say: (line: string) => void,
): Promise<MatrixReport> {
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
  const broken: string[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const order = FAULT_CASES.map((one) => ({ one, at: random.next() })).sort((a, b) => a.at - b.at)
    for (const { one } of order) {
      const report = await runFaultCase(stage, one, `round ${round}: ${one.name}`)
      for (const promise of report.broken) {
        broken.push(`round ${round}, when ${one.name}: ${promise} (${report.path.join(' → ')})`)
      }
      // The network's quota of a day is not what is tried here.
      await stage.advance(DAY / FAULT_CASES.length)
    }
    say(`matrix round ${round}: ${FAULT_CASES.length} ways to fail`)
  }
  const { isIntact } = await verifyLedger(stage.db, stage.tenantId, undefined)
  const { total, duplicates } = (await stage.sandbox.control('GET', '/publications')).body
  const open = (await stage.rows()).filter(({ state }) => state !== 'verified').length
  return { rounds, cases: FAULT_CASES.length, total, duplicates, open, isLedgerIntact: isIntact, broken }
}
