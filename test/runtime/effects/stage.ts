/**
 * Everything an act meets, real: Postgres, disk blobs, the wire, the connector and the sandbox network. Time is wound by
 * hand on both sides, so that windows and delays pass at once.
 */
import { eq, like } from 'drizzle-orm'
import { claimDue, finishDue, listDue } from '../../../db/queries/due.ts'
import { type IntentRow, listIntents } from '../../../db/queries/effects-intents.ts'
import { findPublication } from '../../../db/queries/effects-metrics.ts'
import { setAssetRights } from '../../../db/queries/effects-targets.ts'
import { alert, due, event } from '../../../db/schema/record.ts'
import { account } from '../../../db/schema/tenancy.ts'
import { openDiskBlobs } from '../../../runtime/blobs.ts'
import { instantMs, systemClock, windableClock } from '../../../runtime/core/clock.ts'
import { sha256Hex } from '../../../runtime/core/digest.ts'
import type { Cause, IntentReply, IntentRequest } from '../../../runtime/core/effect.ts'
import { seededRandom } from '../../../runtime/core/random.ts'
import { TRUST } from '../../../runtime/core/trust.ts'
import { approve } from '../../../runtime/effects/approvals.ts'
import { type DueHandler, effectHandlers } from '../../../runtime/effects/effect-handlers.ts'
import { type EffectPorts, SANDBOX_TIMINGS, tokenPurpose } from '../../../runtime/effects/effect-ports.ts'
import { intend } from '../../../runtime/effects/gateway.ts'
import { writePolicy } from '../../../runtime/effects/hold.ts'
import { mapOrigins, openWire } from '../../../runtime/http.ts'
import { openSealer } from '../../../runtime/secrets.ts'
import { connectors } from '../../../tools/connectors/index.ts'
import { CLIP_SCORE } from '../../support/seed-post.ts'
import { openTestDatabase, type SeededTenant, seedTenant } from '../../support/seed-tenant.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { clientOf, openSandbox } from '../sandbox/harness.ts'
import { tinyMp4 } from '../sandbox/tiny-media.ts'

export type Stage = Awaited<ReturnType<typeof openStage>>

export const RIGHTS = { copyrightConfirmed: true, termsAccepted: true } as const

/** Real waiting shrinks, so that polls and backoffs of a connector do not hold a test up. */
const HASTE = 50

interface StageOptions {
  timings?: Partial<EffectPorts['timings']>
  policy?: object
  /** A database of the run's embedded server when absent. */
  openDatabase?: typeof openTestDatabase
}

export async function openStage(options: StageOptions = {}) {
  const stack = new AsyncDisposableStack()
  const directory = stack.use(temporaryDirectory('effects'))
  const wound = windableClock({
    anchorRealMs: systemClock.nowMs(),
    anchorBusinessMs: systemClock.nowMs(),
    rate: 1,
  })
  const clock = {
    ...wound,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / HASTE, signal),
  }
  const db = stack.use(await (options.openDatabase ?? openTestDatabase)(clock))
  const sandbox = stack.use(await openSandbox())
  const blobs = await openDiskBlobs({ root: directory.path, db, clock })
  const sealer = openSealer(Buffer.alloc(32, 7))
  const ports: EffectPorts = {
    db,
    clock,
    random: seededRandom(3),
    log: { info() {}, warn() {}, error() {} },
    world: 'sandbox',
    connectors,
    openWire: ({ origins }) =>
      openWire({ origins, mapping: mapOrigins({ sandboxUrl: sandbox.url }), clock, timeoutMs: 5_000 }),
    blobsOf: (tenantId) => blobs.forTenant({ tenantId }),
    sealer,
    ceilingOf: () => 'act',
    timings: { ...SANDBOX_TIMINGS, ...options.timings },
  }
  const tenant = await seedTenant(db, { clock })
  const { tenantId, accountId, assetId } = tenant
  const token = sealer.seal(tenantId, tokenPurpose(accountId), sandbox.token)
  await db.tenant(tenantId, async (tx) => {
    const linked = { remoteId: sandbox.id, sealedToken: token }
    await tx.db.update(account).set(linked).where(eq(account.id, accountId))
    await writePolicy(tx, ports, { autonomy: 'act', ...options.policy }, 'owner')
    await setAssetRights(tx, assetId, { ...RIGHTS, confirmedBy: 'owner', confirmedAt: clock.now() })
  })
  const advance = async (ms: number) => {
    const nowMs = clock.nowMs() + ms
    wound.set({ anchorRealMs: systemClock.nowMs(), anchorBusinessMs: nowMs, rate: 1 })
    await sandbox.control('PUT', '/clock', { now: Math.floor(nowMs) })
  }
  return {
    ports,
    db,
    clock,
    sandbox,
    tenant,
    tenantId,
    advance,
    ...actors({ ports, db, tenant, blobs, advance, sandbox }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

interface Cast {
  ports: EffectPorts
  db: Awaited<ReturnType<typeof openTestDatabase>>
  tenant: SeededTenant
  blobs: Awaited<ReturnType<typeof openDiskBlobs>>
  advance: (ms: number) => Promise<void>
  sandbox: Awaited<ReturnType<typeof openSandbox>>
}

function actors(cast: Cast) {
  const { ports, db, tenant, sandbox } = cast
  const { tenantId } = tenant
  const read = async (intentId: string): Promise<IntentRow> => {
    const rows = await db.tenant(tenantId, (tx) => listIntents(tx, {}))
    const row = rows.find(({ id }) => id === intentId)
    if (!row) throw new Error(`no act ${intentId}`)
    return row
  }
  return {
    draft: (caption: string, film?: { options?: Record<string, unknown>; paddingBytes?: number }) =>
      draft(cast, caption, film),
    ask: (
      publicationId: string,
      cause: Partial<Cause> = {},
      more: Partial<IntentRequest> = {},
    ): Promise<IntentReply> =>
      intend(
        ports,
        tenantId,
        tenant.brandId,
        { verb: 'publish-post', target: { kind: 'publication', id: publicationId }, ...more },
        {
          taskId: tenant.taskId,
          agent: 'content-creator',
          reasoning: 'it fits the plan',
          trust: TRUST.verified,
          ...cause,
        },
      ),
    undo: (publicationId: string) =>
      intend(
        ports,
        tenantId,
        tenant.brandId,
        { verb: 'delete-post', target: { kind: 'publication', id: publicationId } },
        { agent: 'owner', trust: TRUST.owner },
      ),
    async approve(reply: IntentReply, by = 'ana') {
      const { payloadHash } = await read(reply.intentId)
      return approve(ports, tenantId, { approvalId: reply.approvalId ?? '', hash: payloadHash, by }, RIGHTS)
    },
    read,
    publication: (id: string) => db.tenant(tenantId, (tx) => findPublication(tx, id)),
    rows: () => db.tenant(tenantId, (tx) => listIntents(tx, {})),
    alerts: () => db.tenant(tenantId, (tx) => tx.db.select().from(alert).orderBy(alert.at, alert.id)),
    events: (type: string) =>
      db.tenant(tenantId, (tx) =>
        tx.db.select().from(event).where(like(event.type, type)).orderBy(event.seq),
      ),
    dues: () => db.tenant(tenantId, (tx) => tx.db.select().from(due)),
    /** What the sandbox itself says went live. */
    live: async () => (await sandbox.log('publish')).filter((entry) => entry.accountId === sandbox.id),
    fault: (fault: Record<string, unknown>) =>
      sandbox.control('POST', '/faults', { network: 'instagram', times: 1, ...fault }),
    renew: async () =>
      (
        await sandbox.control('POST', `/accounts/instagram/${sandbox.id}/token`, {
          renew: true,
          token: sandbox.token,
        })
      ).body,
    captionHash: sha256Hex,
    client: clientOf(sandbox.url, sandbox.id, sandbox.token),
    work: () => work(cast),
    settle: (kinds?: readonly string[]) => settle(cast, kinds),
  }
}

async function draft(
  { tenant, blobs }: Cast,
  caption: string,
  film: { options?: Record<string, unknown>; paddingBytes?: number } = {},
) {
  const bytes = Buffer.concat([
    tinyMp4({ durationMs: 8_000, paddingBytes: film.paddingBytes ?? 4_096 }),
    Buffer.from(caption),
  ])
  const { sha256 } = await blobs
    .forTenant({ tenantId: tenant.tenantId })
    .put(bytes, { mediaType: 'video/mp4' })
  const { store } = tenant.open()
  const clip = await store.saveClip({
    assetId: tenant.assetId,
    ordinal: 1,
    startMs: 0,
    endMs: 8_000,
    score: CLIP_SCORE,
  })
  const rendition = await store.saveRendition({
    ...{
      clipId: clip.id,
      format: '9:16',
      sha256,
      coverSha256: null,
      width: 1080,
      height: 1920,
      durationMs: 8_000,
    },
    ...{
      bytes: bytes.length,
      reframe: 'center-crop',
      quality: 'final',
      loudnessLufs: -14,
      truePeakDbtp: -1.2,
    },
    renderKey: sha256,
  })
  const written = { caption, altText: 'A stage', hashtags: [], language: 'en' }
  const post = await store.savePost({ clipId: clip.id, renditionId: rendition.id, ...written })
  const target = { postId: post.id, accountId: tenant.accountId, options: film.options ?? {} }
  const publication = await store.draftPublication(target)
  return { postId: post.id, publicationId: publication.id, store }
}

/** Every row that is due now, as the worker does it; returns how many there were. */
async function work({ ports, db }: Cast): Promise<number> {
  const handlers: Readonly<Record<string, DueHandler>> = effectHandlers(ports)
  const at = { now: ports.clock.now(), world: 'sandbox' }
  const waiting = await listDue(db.system, { ...at, limit: 50 })
  for (const ref of waiting) {
    if (!(ref.kind in handlers)) continue
    const row = await claimDue(db.system, ref, { ...at, leaseMs: 60_000 })
    if (!row) continue
    await handlers[row.kind]?.(row.tenantId, row.id, new AbortController().signal)
    await finishDue(db.system, row)
  }
  return waiting.length
}

/** Works and winds the clock until none of these kinds is due any more. */
async function settle(cast: Cast, kinds: readonly string[] = ['intent']): Promise<void> {
  const { db, tenant, ports, advance } = cast
  for (let round = 0; round < 200; round += 1) {
    await work(cast)
    const waiting = await db.tenant(tenant.tenantId, (tx) => tx.db.select().from(due))
    const next = waiting
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ dueAt }) => dueAt)
      .sort()
      .at(0)
    if (next === undefined) return
    const aheadMs = instantMs(next) - ports.clock.nowMs()
    if (aheadMs > 0) await advance(aheadMs + 1)
  }
  throw new Error('the acts never come to rest')
}
