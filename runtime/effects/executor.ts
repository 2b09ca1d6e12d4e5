/**
 * The only caller of a writing connector and the only minter of grants. Each step outside is preceded by a row that says
 * it may happen: the handle before the first byte, `sent` before the one call, the receipt before any further read.
 */

import { endReservations } from '../../db/queries/effects-budget.ts'
import { type IntentRow, moveIntent } from '../../db/queries/effects-intents.ts'
import { getAccountRow } from '../../db/queries/effects-targets.ts'
import { canonicalJson } from '../core/digest.ts'
import { type Grant, Verb, type World } from '../core/effect.ts'
import { Network } from '../core/entities.ts'
import { fromUnknown, StakazoError } from '../core/errors.ts'
import type { Handle, Publisher } from '../core/ports/publisher.ts'
import { armAct, sendAct, takeAct } from './arm.ts'
import { type EffectPorts, tokenPurpose } from './effect-ports.ts'
import { failAct } from './fail-act.ts'
import { isRefusal } from './failures.ts'
import { type HeldAct, holdAct } from './lease.ts'
import { moveAct } from './move-act.ts'
import { loseAct, reconcileAct, verifyAct } from './reconcile.ts'
import type { Act } from './verbs/act-verb.ts'
import { verbs } from './verbs/index.ts'

/** Brings one due act as far as it goes now. Throws only when storage fails; the due row is then simply due again. */
export async function performAct(
  ports: EffectPorts,
  tenantId: string,
  intentId: string,
  signal: AbortSignal,
): Promise<void> {
  const takenAtMs = ports.clock.elapsedMs()
  const row = await ports.db.tenant(tenantId, (tx) => takeAct(tx, ports, intentId))
  if (!row) return
  await using held = holdAct(ports, tenantId, row, takenAtMs, signal)
  switch (row.state) {
    case 'claimed':
    case 'armed':
      return publish(ports, tenantId, row, held)
    case 'unknown':
      return reconcileAct(ports, tenantId, row, () => openAct(ports, tenantId, row, held.signal))
    case 'accepted':
      return verifyAct(ports, tenantId, row, await openAct(ports, tenantId, row, held.signal))
  }
}

async function publish(ports: EffectPorts, tenantId: string, taken: IntentRow, held: HeldAct): Promise<void> {
  let row = taken
  try {
    const armed = await ports.db.tenant(tenantId, (tx) => armAct(tx, ports, taken))
    if (!armed) return
    row = armed
    const act = await openAct(ports, tenantId, row, held.signal)
    const handle = await act.prepare(row.handle ?? undefined, (saved) =>
      saveHandle(ports, tenantId, armed, saved),
    )
    if (canonicalJson(handle) !== canonicalJson(row.handle)) await saveHandle(ports, tenantId, row, handle)
    held.assertHeld()
    const sent = await ports.db.tenant(tenantId, (tx) => sendAct(tx, ports, armed))
    if (!sent) return
    row = sent
  } catch (error) {
    return failAct(ports, tenantId, row, fromUnknown(error))
  }
  await commit(ports, tenantId, row, held)
}

/** From here on only the platform's own word says that nothing happened. */
async function commit(ports: EffectPorts, tenantId: string, row: IntentRow, held: HeldAct): Promise<void> {
  let receipt: Awaited<ReturnType<Act['commit']>>
  try {
    // Nobody's impatience may cut this call: its answer is worth waiting for.
    const act = await openAct(ports, tenantId, row, new AbortController().signal)
    receipt = await act.commit(mint(row, held), row.handle ?? {})
  } catch (thrown) {
    const error = fromUnknown(thrown)
    if (isRefusal(error) || error.code === 'stale-lease') return failAct(ports, tenantId, row, error)
    return loseAct(ports, tenantId, row, error)
  }
  const accepted = await ports.db.tenant(tenantId, async (tx) => {
    const remoteId = receipt.remoteId ?? null
    const patch = { remoteId, receipt: receipt.answer ?? null, error: null, unknownSince: null }
    const shown = { remoteId }
    const moved = await moveAct(tx, ports.clock, row, {
      from: ['sent'],
      to: 'accepted',
      patch,
      shown,
      epoch: row.leaseEpoch,
    })
    await endReservations(tx, row.id, 'settled')
    await tx.due('intent', row.id, row.world, ports.clock.now())
    return moved
  })
  await verifyAct(ports, tenantId, accepted, await openAct(ports, tenantId, accepted, held.signal))
}

async function saveHandle(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  handle: Handle,
): Promise<void> {
  await ports.db.tenant(tenantId, async (tx) => {
    const saved = await moveIntent(tx, row.id, ['armed'], { handle: { ...handle } }, row.leaseEpoch)
    if (!saved) throw new StakazoError('stale-lease', `act ${row.id} was taken over while it was prepared`)
    tx.emit({
      type: 'intent.prepared',
      brandId: row.brandId,
      taskId: row.taskId,
      runId: row.runId,
      agent: row.agent,
      subjectId: row.id,
      payload: { intentId: row.id, verb: row.verb, targetId: row.targetId },
    })
    tx.record({ kind: 'intent.prepared', subjectId: row.id, body: { handle, payloadHash: row.payloadHash } })
  })
}

/** Permission for this act, this content, this account, for as long as the lease surely holds. Made nowhere else. */
const mint = (row: IntentRow, held: HeldAct): Grant =>
  Object.freeze({
    intentId: row.id,
    payloadHash: row.payloadHash,
    world: row.world as World,
    accountId: row.accountId,
    assertHeld: () => held.assertHeld(),
  }) as Grant

async function openAct(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  signal: AbortSignal,
): Promise<Act> {
  const publisher = await openPublisher(ports, tenantId, row.accountId, signal)
  return verbs[Verb.parse(row.verb)].open(publisher, row)
}

/** The account's own publisher with its token opened; also for reading metrics. */
export async function openPublisher(
  ports: EffectPorts,
  tenantId: string,
  accountId: string,
  signal: AbortSignal,
): Promise<Publisher> {
  const { clock, sealer, connectors } = ports
  const account = await ports.db.tenant(tenantId, (tx) => getAccountRow(tx, accountId))
  if (account.world !== ports.world) {
    throw new StakazoError('world-mismatch', `${account.username} belongs to ${account.world}`)
  }
  const connector = connectors[Network.parse(account.network)]
  const token = sealer.open(tenantId, tokenPurpose(account.id), account.sealedToken)
  return connector.publisher({
    wire: ports.openWire(connector),
    blobs: ports.blobsOf(tenantId),
    account: { accountId: account.id, remoteId: account.remoteId, username: account.username, token },
    nowMs: () => clock.nowMs(),
    sleep: (ms) => clock.sleep(ms, signal),
    signal,
  })
}
