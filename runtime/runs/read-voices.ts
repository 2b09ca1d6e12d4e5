/** Who spoke in a task: models or rules, and which links of a chain could not answer. Said in every answer. */
import { and, eq, inArray } from 'drizzle-orm'
import { event } from '../../db/schema/record.ts'
import type { Tx } from '../../db/tx.ts'

export interface Voices {
  /** `provider:model`; `playbook` where the agents' own rules answered. */
  by: string[]
  /** `model: code` of links that failed before somebody else answered. */
  degraded: string[]
}

export async function readVoices(tx: Tx, taskId: string): Promise<Voices> {
  const rows = await tx.db
    .select({ payload: event.payload })
    .from(event)
    .where(
      and(
        eq(event.tenantId, tx.tenantId),
        eq(event.taskId, taskId),
        inArray(event.type, ['step.finished', 'plan.made']),
      ),
    )
  const spoken = rows.map((row) => row.payload as Partial<Voices>)
  return {
    by: [...new Set(spoken.flatMap((one) => one.by ?? []))],
    degraded: [...new Set(spoken.flatMap((one) => one.degraded ?? []))],
  }
}
