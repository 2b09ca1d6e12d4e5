/**
 * The switches: pause of a tenant, freeze of a brand, rest of an account. Lifting one lets go what it held, with a list
 * of it; what became too late meanwhile ends as missed unless its time is moved on purpose.
 */
import { getIntent, type IntentRow, listIntents } from '../../db/queries/effects-intents.ts'
import { lockPolicy, putPolicy, setAccountStatus, setBrandFrozen } from '../../db/queries/effects-targets.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, instantMs } from '../core/clock.ts'
import { newId } from '../core/ids.ts'
import type { EffectPorts } from './effect-ports.ts'
import { moveAct } from './move-act.ts'
import { Policy } from './policy.ts'

export interface Released {
  intentId: string
  targetId: string
  dueAt: string
  /** `released` acts at its time or now; `missed` was too late. */
  became: 'released' | 'missed'
}

export interface ReleaseOptions {
  /** Acts whose time has passed act now instead of being missed. */
  isLateMoved?: boolean
}

/** Stores the rules of a tenant. Throws a ZodError where they are none. */
export async function writePolicy(
  tx: Tx,
  ports: Pick<EffectPorts, 'clock' | 'random'>,
  policy: unknown,
  by: string,
): Promise<Policy> {
  const body = Policy.parse(policy)
  await putPolicy(tx, { id: newId(ports.clock, ports.random), body, at: ports.clock.now() })
  tx.emit({ type: 'policy.changed', agent: by, payload: { by } })
  tx.record({ kind: 'policy.changed', body: { by, policy: body } })
  return body
}

/** Stops every act of the tenant that has not left yet, also between arming and sending. */
export async function pauseTenant(
  ports: EffectPorts,
  tenantId: string,
  by: string,
  reason: string,
): Promise<void> {
  await ports.db.tenant(tenantId, async (tx) => {
    await writePolicy(tx, ports, { ...policyOf(await lockPolicy(tx)), paused: reason }, by)
    tell(tx, 'effects.paused', undefined, { by, reason })
  })
}

export async function resumeTenant(
  ports: EffectPorts,
  tenantId: string,
  by: string,
  options: ReleaseOptions = {},
): Promise<Released[]> {
  return ports.db.tenant(tenantId, async (tx) => {
    await writePolicy(tx, ports, { ...policyOf(await lockPolicy(tx)), paused: null }, by)
    const released = await releaseAll(tx, ports, await listIntents(tx, { states: ['held'] }), options)
    tell(tx, 'effects.resumed', undefined, { by, released })
    return released
  })
}

export async function freezeBrand(
  ports: EffectPorts,
  tenantId: string,
  brandId: string,
  by: string,
  reason: string,
): Promise<void> {
  await ports.db.tenant(tenantId, async (tx) => {
    await lockPolicy(tx)
    await setBrandFrozen(tx, brandId, true)
    tell(tx, 'brand.frozen', brandId, { by, reason })
  })
}

export async function thawBrand(
  ports: EffectPorts,
  tenantId: string,
  brandId: string,
  by: string,
  options: ReleaseOptions = {},
): Promise<Released[]> {
  return ports.db.tenant(tenantId, async (tx) => {
    await lockPolicy(tx)
    await setBrandFrozen(tx, brandId, false)
    const released = await releaseAll(
      tx,
      ports,
      await listIntents(tx, { states: ['held'], brandId }),
      options,
    )
    tell(tx, 'brand.thawed', brandId, { by, released })
    return released
  })
}

/** After a reconnection, or when a person looked at why it was paused. */
export async function resumeAccount(
  ports: EffectPorts,
  tenantId: string,
  accountId: string,
  by: string,
  options: ReleaseOptions = {},
): Promise<Released[]> {
  return ports.db.tenant(tenantId, async (tx) => {
    await lockPolicy(tx)
    await setAccountStatus(tx, accountId, { status: 'active', pausedReason: null })
    const released = await releaseAll(
      tx,
      ports,
      await listIntents(tx, { states: ['held'], accountId }),
      options,
    )
    for (const row of await listIntents(tx, { states: ['unknown', 'accepted'], accountId })) {
      await tx.due('intent', row.id, row.world, ports.clock.now())
    }
    tell(tx, 'account.resumed', undefined, { by, accountId, released })
    return released
  })
}

/** Each goes back to be decided again; another switch that is still on simply holds it again. */
async function releaseAll(
  tx: Tx,
  ports: EffectPorts,
  held: readonly IntentRow[],
  { isLateMoved = false }: ReleaseOptions,
): Promise<Released[]> {
  const now = ports.clock.now()
  const released: Released[] = []
  for (const { id } of held) {
    const row = await getIntent(tx, id)
    const isLate = row.lateAt < now
    const lateMs = instantMs(row.lateAt) - instantMs(row.dueAt)
    const about = { intentId: id, targetId: row.targetId }
    if (isLate && !isLateMoved) {
      await moveAct(tx, ports.clock, row, {
        from: ['held'],
        to: 'missed',
        reason: 'its time passed while it was held',
      })
      released.push({ ...about, dueAt: row.dueAt, became: 'missed' })
      continue
    }
    const dueAt = isLate || row.dueAt < now ? now : row.dueAt
    const patch = { dueAt, lateAt: addMs(dueAt as typeof now, lateMs) }
    await moveAct(tx, ports.clock, row, { from: ['held'], to: 'scheduled', patch })
    await tx.due('intent', id, row.world, dueAt)
    released.push({ ...about, dueAt, became: 'released' })
  }
  return released
}

/** An unreadable policy becomes the defaults only in that a switch can still be thrown: they are the safe side. */
const policyOf = (body: unknown): Policy => Policy.safeParse(body).data ?? Policy.parse({})

function tell(tx: Tx, type: string, brandId: string | undefined, payload: Record<string, unknown>): void {
  tx.emit({ type, brandId, payload })
  tx.record({ kind: type, subjectId: brandId, body: payload })
}
