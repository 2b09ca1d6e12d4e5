/** Something a person should know of an act; written with the state change that causes it. */
import { raiseAlert as insertAlert } from '../../db/queries/alerts.ts'
import type { IntentRow } from '../../db/queries/effects-intents.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../core/clock.ts'
import type { Alert } from '../core/entities.ts'
import { TRUST } from '../core/trust.ts'

export async function raiseAlert(
  tx: Tx,
  clock: Clock,
  row: Pick<IntentRow, 'id' | 'brandId' | 'taskId' | 'agent' | 'accountId' | 'targetId'>,
  alert: Pick<Alert, 'kind' | 'severity' | 'message'>,
): Promise<void> {
  const scope = {
    brandId: row.brandId,
    taskId: row.taskId ?? undefined,
    runId: undefined,
    agent: row.agent,
    clock,
  }
  const subject = { intentId: row.id, accountId: row.accountId, targetId: row.targetId }
  await insertAlert(tx, { ...scope, trust: TRUST.verified }, { ...alert, subject })
}
