import { and, desc, eq, isNotNull, isNull, or } from 'drizzle-orm'
import { Alert } from '../../runtime/core/entities.ts'
import { newId } from '../../runtime/core/ids.ts'
import { type Labelled, TRUST, Trust } from '../../runtime/core/trust.ts'
import { alert } from '../schema/record.ts'
import type { Tx } from '../tx.ts'
import type { Scope } from './scope.ts'

/** The label of what raised it lies in the subject: the words of an alert may quote what was read. */
export async function listAlerts(
  tx: Tx,
  { brandId }: Scope,
  filter: { isOpen?: boolean; limit?: number } = {},
): Promise<Labelled<Alert>[]> {
  const rows = await tx.db
    .select()
    .from(alert)
    .where(
      and(
        eq(alert.tenantId, tx.tenantId),
        or(eq(alert.brandId, brandId), isNull(alert.brandId)),
        filter.isOpen === true ? isNull(alert.acknowledgedAt) : undefined,
        filter.isOpen === false ? isNotNull(alert.acknowledgedAt) : undefined,
      ),
    )
    .orderBy(desc(alert.at), desc(alert.id))
    .limit(filter.limit ?? 100)
  return rows.map((row) => ({
    value: Alert.parse(row),
    trust: Trust.catch(TRUST.verified).parse(row.subject.trust),
  }))
}

export async function raiseAlert(
  tx: Tx,
  scope: Scope,
  fresh: Pick<Alert, 'kind' | 'severity' | 'message' | 'subject'>,
): Promise<Alert> {
  const [row] = await tx.db
    .insert(alert)
    .values({
      ...fresh,
      tenantId: tx.tenantId,
      id: newId(scope.clock),
      brandId: scope.brandId,
      subject: { ...fresh.subject, trust: scope.trust },
      at: scope.clock.now(),
    })
    .returning()
  const raised = Alert.parse(row)
  tx.emit({
    type: 'alert.raised',
    brandId: scope.brandId,
    taskId: scope.taskId,
    runId: scope.runId,
    agent: scope.agent,
    subjectId: raised.id,
    trust: scope.trust,
    payload: { kind: raised.kind, severity: raised.severity, message: raised.message },
  })
  return raised
}
