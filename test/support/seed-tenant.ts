import { type Database, openDatabase } from '../../db/open.ts'
import { recordBlob } from '../../db/queries/blobs.ts'
import { createAsset } from '../../db/queries/new-asset.ts'
import { createTenant } from '../../db/queries/tenants.ts'
import { run, thread } from '../../db/schema/runs.ts'
import { account, brand } from '../../db/schema/tenancy.ts'
import { type BoundStore, openStore, type StoreScope } from '../../db/store.ts'
import { type Clock, systemClock } from '../../runtime/core/clock.ts'
import { sha256Hex } from '../../runtime/core/digest.ts'
import { type MediaInfo, Voice } from '../../runtime/core/entities.ts'
import { newId } from '../../runtime/core/ids.ts'
import { systemRandom } from '../../runtime/core/random.ts'
import { TRUST, type Trust } from '../../runtime/core/trust.ts'
import { freshDatabase } from './postgres.ts'

/** An opened database of its own with all tables. */
export async function openTestDatabase(
  clock: Clock = systemClock,
): Promise<Database & AsyncDisposable & { readonly clock: Clock }> {
  const fresh = await freshDatabase({ isMigrated: true })
  const db = await openDatabase({ url: fresh.url, clock, random: systemRandom, connections: 4 })
  return {
    ...db,
    clock,
    async [Symbol.asyncDispose]() {
      await db.close()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

export interface SeededTenant {
  readonly tenantId: string
  readonly brandId: string
  readonly accountId: string
  readonly threadId: string
  readonly taskId: string
  readonly assetId: string
  readonly assetSha256: string
  /** A store as the given agent of the task sees it. */
  open(scope?: Partial<StoreScope>): BoundStore
  /** One more task on the thread. */
  addTask(message: string, trust?: Trust): Promise<string>
}

const FILM_INFO: MediaInfo = {
  durationMs: 90_000,
  width: 1280,
  height: 720,
  fps: 24,
  hasAudio: true,
  videoCodec: 'h264',
  audioCodec: 'aac',
  pixelFormat: 'yuv420p',
  bitDepth: 8,
  isHdr: false,
  isVariableRate: false,
  rotation: 0,
  container: 'mov',
  bytes: 1_000,
}

/** A tenant with one brand, account, conversation, task and film. */
export async function seedTenant(
  db: Database,
  options: { clock?: Clock; assetSha256?: string; brand?: Partial<typeof brand.$inferInsert> } = {},
): Promise<SeededTenant> {
  const { clock = systemClock } = options
  const tenantId = newId(clock)
  const [brandId, accountId, threadId] = [newId(clock), newId(clock), newId(clock)]
  const assetSha256 = options.assetSha256 ?? sha256Hex(tenantId)
  const createdAt = clock.now()
  const assetId = await db.tenant(tenantId, async (tx) => {
    await createTenant(tx, clock, 'Test')
    await tx.db.insert(brand).values({
      tenantId,
      id: brandId,
      name: 'Luna Records',
      language: 'en',
      zone: 'Europe/Madrid',
      voice: Voice.parse({}),
      goals: [],
      competitors: [],
      facts: {},
      createdAt,
      ...options.brand,
    })
    await tx.db.insert(account).values({
      ...{ tenantId, id: accountId, brandId, network: 'instagram', world: 'sandbox' },
      ...{ username: 'luna', remoteId: newId(clock), sealedToken: 'sealed', status: 'active', createdAt },
    })
    await tx.db.insert(thread).values({ tenantId, id: threadId, brandId, title: 'Test', createdAt })
    await recordBlob(tx, {
      ...{ sha256: assetSha256, bytes: 1_000, mediaType: 'video/mp4', parents: [] },
      ...{ trust: TRUST.owner, createdAt },
    })
    const film = { brandId, name: 'film.mp4', sha256: assetSha256, bytes: 1_000, info: FILM_INFO }
    return (await createAsset(tx, clock, film)).id
  })
  const addTask = async (message: string, trust: Trust = TRUST.owner) => {
    const id = newId(clock)
    await db.tenant(tenantId, (tx) =>
      tx.db.insert(run).values({
        ...{ tenantId, id, threadId, brandId, kind: 'task', taskId: id, agent: 'orchestrator' },
        ...{ status: 'running', phase: 'working', input: { message }, trust, priority: 5 },
        createdAt: clock.now(),
      }),
    )
    return id
  }
  const taskId = await addTask('Cut three clips')
  const open = (scope: Partial<StoreScope> = {}) =>
    openStore(db, { tenantId, brandId, taskId, agent: 'content-creator', ...scope }, clock)
  return { tenantId, brandId, accountId, threadId, taskId, assetId, assetSha256, open, addTask }
}
