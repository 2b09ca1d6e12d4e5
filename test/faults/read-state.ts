/** Where a task stands, read from its rows: while a moment is waited for, and right after a kill. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../db/open.ts'

const State = z.object({
  status: z.string(),
  phase: z.string(),
  outcome: z.string().nullable(),
  steps: z.array(z.object({ agent: z.string(), status: z.string() })),
  /** Calls that began and did not end. */
  tools: z.array(z.string()),
  intents: z.array(z.object({ id: z.string(), state: z.string() })),
  asked: z.number(),
})
export type State = z.infer<typeof State>

export async function readState(db: Database, tenantId: string, taskId: string): Promise<State> {
  const [row] = await db.tenant(tenantId, (tx) =>
    tx.db.execute(sql`
      select status, phase, outcome,
        (select coalesce(json_agg(json_build_object('agent', agent, 'status', status) order by id), '[]')
          from step where task_id = ${taskId}) as steps,
        (select coalesce(json_agg(tool), '[]') from tool_call join run step_run on step_run.id = tool_call.run_id
          where step_run.task_id = ${taskId} and step_run.ended_at is null and tool_call.ended_at is null) as tools,
        (select coalesce(json_agg(json_build_object('id', id, 'state', state) order by id), '[]')
          from intent where task_id = ${taskId}) as intents,
        (select count(*)::int from approval join intent on intent.id = approval.intent_id
          where intent.task_id = ${taskId} and approval.status = 'pending') as asked
      from run where id = ${taskId}`),
  )
  return State.parse(row)
}

/** What a lost or late writer would change: every row that tells of the task, in one text. */
export async function readTraces(db: Database, tenantId: string, taskId: string): Promise<string> {
  const [row] = await db.tenant(tenantId, (tx) =>
    tx.db.execute(sql`
      select (select json_agg(run order by id) from run where task_id = ${taskId})::text
        || (select json_agg(intent order by id) from intent where task_id = ${taskId})::text
        || (select json_agg(tool_call order by run_id, tool_call_id) from tool_call)::text
        || (select count(*) from event) || '/' || (select count(*) from ledger)
        || '/' || (select count(*) from rendition) as traces`),
  )
  return String(row?.traces)
}

/** Wake-ups that nobody takes up: the task's own kinds leave none behind. */
export async function listLeftWork(db: Database, tenantId: string): Promise<string[]> {
  const rows = await db.tenant(tenantId, (tx) =>
    tx.db.execute(
      sql`select kind, id from due where kind in ('run', 'intent', 'approval') or due_at < now() - interval '10 seconds'`,
    ),
  )
  return rows.map(({ kind, id }) => `${kind} ${id}`)
}

export const isEnded = ({ status }: Pick<State, 'status'>): boolean =>
  ['success', 'error', 'timeout'].includes(status)
