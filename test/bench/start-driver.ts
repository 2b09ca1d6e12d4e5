/** One start in a process of its own: of the embedded database, or of nothing but the packages the daemon stands on. */
import { openEmbeddedPostgres } from '../../db/embedded.ts'
import { memoryOf } from './processes.ts'
import { answer } from './run-child.ts'

export type StartInput = { readonly does: 'open'; readonly dataDir: string } | { readonly does: 'import' }

export interface OpenResult {
  readonly wallMs: number
}

export interface ImportResult {
  /** Since the process began. */
  readonly wallMs: number
  readonly cpuMs: number
  readonly pssMb: number
}

async function open(dataDir: string): Promise<OpenResult> {
  const startedMs = performance.now()
  await openEmbeddedPostgres({ dataDir, log: { info() {}, warn() {} } })
  return { wallMs: performance.now() - startedMs }
}

async function importAll(): Promise<ImportResult> {
  await Promise.all([
    import('@langchain/langgraph'),
    import('@langchain/langgraph-checkpoint-postgres'),
    import('@langchain/core/messages'),
    import('bullmq'),
    import('drizzle-orm/postgres-js'),
    import('postgres'),
    import('pg'),
    import('hono'),
    import('@hono/zod-openapi'),
    import('@hono/node-server'),
    import('pino'),
    import('prom-client'),
    import('undici'),
    import('zod'),
  ])
  const { user, system } = process.cpuUsage()
  return { wallMs: performance.now(), cpuMs: (user + system) / 1_000, pssMb: memoryOf([process.pid]).pssMb }
}

await answer((input: StartInput) => (input.does === 'open' ? open(input.dataDir) : importAll()))
