/** Cursor paging as Graph does it: `next` is absent on the last page, whatever its length. */
import { z } from 'zod'
import { graphInt, graphString } from './parameters.ts'
import { refuseParameter } from './refusal.ts'

export const PAGING_PARAMETERS = {
  limit: graphInt.pipe(z.int().min(1, 'must be at least 1').max(100, 'must be at most 100')).optional(),
  after: graphString.optional(),
  before: graphString.optional(),
}

export interface PageQuery {
  olderThanSeq: number | undefined
  newerThanSeq: number | undefined
  /** One more than asked for, which tells whether there is a next page. */
  limit: number
}

export interface PagingParameters {
  limit?: number | undefined
  after?: string | undefined
  before?: string | undefined
}

export function pageQuery({ limit = 25, after, before }: PagingParameters): PageQuery {
  return {
    olderThanSeq: after === undefined ? undefined : readCursor(after),
    newerThanSeq: before === undefined ? undefined : readCursor(before),
    limit: limit + 1,
  }
}

/** `self` is the URL asked for on the platform's own host, with the caller's parameters. */
export function pageReply<Node extends { seq: number }>(
  found: Node[],
  query: PageQuery,
  self: URL,
  show: (node: Node) => unknown,
): { data: unknown[]; paging?: unknown } {
  const isBackwards = query.newerThanSeq !== undefined
  const hasMore = found.length === query.limit
  const nodes = !hasMore ? found : isBackwards ? found.slice(1) : found.slice(0, -1)
  const [first, last] = [nodes[0], nodes.at(-1)]
  if (!first || !last) return { data: [] }
  const link = (name: 'after' | 'before', seq: number) => {
    const url = new URL(self)
    url.searchParams.delete('after')
    url.searchParams.delete('before')
    url.searchParams.set(name, cursor(seq))
    return url.toString()
  }
  const hasNext = isBackwards || hasMore
  const hasPrevious = isBackwards ? hasMore : query.olderThanSeq !== undefined
  return {
    data: nodes.map(show),
    paging: {
      cursors: { before: cursor(first.seq), after: cursor(last.seq) },
      ...(hasNext ? { next: link('after', last.seq) } : {}),
      ...(hasPrevious ? { previous: link('before', first.seq) } : {}),
    },
  }
}

const cursor = (seq: number) => Buffer.from(`sbx:${seq}`).toString('base64url')

function readCursor(text: string): number {
  const seq = /^sbx:(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))?.[1]
  if (seq === undefined) throw refuseParameter('Invalid cursor')
  return Number(seq)
}
