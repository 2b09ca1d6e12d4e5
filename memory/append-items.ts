/** Verbatim items of an episode. Written once each: their hash is unique within it, so that a repeat changes nothing. */
import { and, asc, eq, sql } from 'drizzle-orm'
import { memEpisode, memItem } from '../db/schema/memory.ts'
import type { Tx } from '../db/tx.ts'
import type { Clock } from '../runtime/core/clock.ts'
import { payloadHash } from '../runtime/core/digest.ts'
import { newId } from '../runtime/core/ids.ts'
import type { Trust } from '../runtime/core/trust.ts'
import type { Reach } from './scope.ts'
import { toSearch } from './search-vector.ts'

export interface NewItem {
  readonly actor: string
  readonly body: string
  readonly source: string
  readonly trust: Trust
  readonly occurredAt: string
  readonly importance?: number
  readonly scope?: Reach
}

export interface NewEpisode {
  readonly id: string
  readonly brandId: string
  readonly agent: string
  readonly taskId: string | null
  readonly title: string
  readonly trust: Trust
  readonly startedAt: string
}

/** Nobody reads a title beyond its first line. */
const TITLE_CHARS_MAX = 200
/** Half a screen of a pasted page says what it was; the whole of it would drown what stands beside it. */
const BODY_CHARS_MAX = 20_000
const MIDDLING = 0.5

/** Opens the episode or finds it, and holds it until the transaction ends. */
export async function holdEpisode(tx: Tx, { title, ...episode }: NewEpisode): Promise<void> {
  await tx.db
    .insert(memEpisode)
    .values({ ...episode, tenantId: tx.tenantId, title: title.slice(0, TITLE_CHARS_MAX) })
    .onConflictDoNothing()
  await tx.db
    .select({ id: memEpisode.id })
    .from(memEpisode)
    .where(and(eq(memEpisode.tenantId, tx.tenantId), eq(memEpisode.id, episode.id)))
    .for('update')
}

/** The ids in order, of items that were there before as well. The episode must be held. */
export async function appendItems(
  tx: Tx,
  clock: Clock,
  episode: Pick<NewEpisode, 'id' | 'brandId' | 'agent'>,
  items: readonly NewItem[],
): Promise<string[]> {
  const said = items.filter((item) => item.body.trim() !== '').map(toStored)
  if (said.length === 0) return []
  await tx.db
    .insert(memItem)
    .values(
      said.map((item, index) => ({
        ...{ importance: MIDDLING, scope: 'brand', ...item },
        ...{ tenantId: tx.tenantId, id: newId(clock), brandId: episode.brandId, episodeId: episode.id },
        ...{ agent: episode.agent, seq: index, recordedAt: clock.now() },
        search: toSearch(item.actor, item.body),
      })),
    )
    .onConflictDoNothing()
  await putInOrder(tx, episode.id)
  const rows = await tx.db
    .select({ id: memItem.id, contentHash: memItem.contentHash })
    .from(memItem)
    .where(inEpisode(tx, episode.id))
    .orderBy(asc(memItem.seq))
  const ids = new Map(rows.map((row) => [row.contentHash, row.id]))
  return said.flatMap((item) => ids.get(item.contentHash) ?? [])
}

function toStored(item: NewItem) {
  const { actor, source } = item
  const body = item.body.slice(0, BODY_CHARS_MAX)
  return { ...item, body, contentHash: payloadHash({ actor, source, body }) }
}

const inEpisode = (tx: Tx, episodeId: string) =>
  and(eq(memItem.tenantId, tx.tenantId), eq(memItem.episodeId, episodeId))

/** What came late still stands where it happened; recall reads neighbours by number. */
const putInOrder = (tx: Tx, episodeId: string) =>
  tx.db
    .update(memItem)
    .set({ seq: sql`placed.place` })
    .from(
      sql`(select ${memItem.id} as placed_id, row_number() over (order by ${memItem.occurredAt}, ${memItem.id}) - 1 as place
        from ${memItem} where ${inEpisode(tx, episodeId)}) placed`,
    )
    .where(and(inEpisode(tx, episodeId), sql`${memItem.id} = placed.placed_id`))
