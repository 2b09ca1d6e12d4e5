/** Lists end in a cursor: opaque text, null on the last page. */
import { z } from 'zod'
import { StakazoError } from '../core/errors.ts'
import { isUuid } from '../core/ids.ts'

export const LIMIT_MAX = 200

export const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(50).describe('Rows of a page'),
  cursor: z.string().max(200).optional().describe('`next` of the page before'),
})

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null: no more'),
  })

export interface PageAsked {
  limit: number
  cursor?: string | undefined
}

/** Asks for one row more than shown: that is how the last page is known without counting. */
export async function answerPage<T extends { id: string }>(
  { limit, cursor }: PageAsked,
  read: (page: { limit: number; before?: string }) => Promise<T[]>,
): Promise<{ items: T[]; next: string | null }> {
  const before = cursor === undefined ? undefined : parseCursor(cursor)
  const rows = await read({ limit: limit + 1, ...(before ? { before } : {}) })
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? toCursor(last.id) : null }
}

const toCursor = (id: string): string => Buffer.from(id).toString('base64url')

function parseCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString()
  if (!isUuid(id))
    throw new StakazoError('bad-input', 'cursor: not one of ours; take `next` of the page before')
  return id
}
