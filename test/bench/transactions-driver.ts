/** Transactions of several tenants in turn, each with a row and its event, and the same insert without us. */
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { openDatabase } from '../../db/open.ts'
import { splitSocketHost } from '../../db/socket-host.ts'
import { systemClock } from '../../runtime/core/clock.ts'
import { systemRandom } from '../../runtime/core/random.ts'
import { answer } from './run-child.ts'

export interface TransactionsInput {
  readonly databaseUrl: string
  readonly tenants: readonly string[]
  readonly transactions: number
}

export interface TransactionsResult {
  readonly ms: number[]
  readonly bareMs: number[]
  readonly wallMs: number
  readonly foreign: number
  readonly errors: number
  readonly firstError: string
}

const AT_ONCE = 8
/** One bare insert in so many of ours, so that both see the same load. */
const BARE_EVERY = 10

await answer(
  async ({ databaseUrl, tenants, transactions }: TransactionsInput): Promise<TransactionsResult> => {
    await using db = await openDatabase({ url: databaseUrl, clock: systemClock, random: systemRandom })
    const { url, ...socket } = splitSocketHost(databaseUrl)
    const bare = postgres(url, { ...socket, max: AT_ONCE, onnotice: () => undefined })
    await bare`create table if not exists bench_bare (id bigint generated always as identity, body jsonb)`
    const result = { ms: [] as number[], bareMs: [] as number[], foreign: 0, errors: 0, firstError: '' }
    let next = 0
    const startedMs = performance.now()
    const work = async () => {
      while (next < transactions) {
        const number = next++
        const tenantId = tenants[number % tenants.length] ?? ''
        const beganMs = performance.now()
        try {
          result.foreign += await db.tenant(tenantId, async (tx) => {
            tx.emit({ type: 'bench.done', payload: { number } })
            const [row] = await tx.db.execute(
              sql`select count(*)::int as foreign_rows from (select tenant_id from event order by seq desc limit 20) latest
              where tenant_id <> ${tenantId}`,
            )
            return Number(row?.foreign_rows ?? 1)
          })
          result.ms.push(performance.now() - beganMs)
        } catch (error) {
          result.errors += 1
          result.firstError ||= String(error)
        }
        if (number % BARE_EVERY !== 0) continue
        const bareMs = performance.now()
        await bare.begin((own) => own`insert into bench_bare (body) values (${JSON.stringify({ number })})`)
        result.bareMs.push(performance.now() - bareMs)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    const wallMs = performance.now() - startedMs
    await bare.end({ timeout: 5 })
    return { ...result, wallMs }
  },
)
