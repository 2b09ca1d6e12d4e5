/** Conversations under publications: the audience's comments, planted ones and the account's own answers in one table. */
import { StakazoError } from '../core/errors.ts'
import { numericId } from './numeric-id.ts'
import type { Row, Store } from './store.ts'
import type { Sentiment } from './voices.ts'

export interface Comment {
  seq: number
  network: string
  id: string
  publicationSeq: number
  parentId: string | undefined
  /** Set when an account of the sandbox wrote it. */
  accountId: string | undefined
  username: string
  text: string
  sentiment: Sentiment
  likes: number
  isHidden: boolean
  createdBusinessMs: number
}

interface NewComment {
  network: string
  publicationSeq: number
  parentId?: string
  accountId?: string
  username: string
  text: string
  sentiment: Sentiment
  likes: number
  createdBusinessMs: number
}

interface CommentQuery {
  publicationSeq: number
  /** Answers to one comment; absent lists the top level. */
  parentId?: string
  olderThanSeq?: number
  newerThanSeq?: number
  limit: number
}

export interface Comments {
  add(comment: NewComment): Comment
  find(network: string, id: string): Comment | undefined
  /** Newest first, hidden ones included: the owner sees them. */
  list(query: CommentQuery): Comment[]
  /** All that stand, answers included. */
  count(publicationSeq: number): number
  setHidden(comment: Comment, isHidden: boolean): void
  /** Removes the comment and its answers. */
  remove(comment: Comment, atBusinessMs: number): void
}

export function openComments(store: Store): Comments {
  return {
    add(comment) {
      const row = store.one(
        `INSERT INTO comment (network, id, publication_seq, parent_id, account_id, username, text, sentiment, likes,
           created_business_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        comment.network,
        numericId(store, '178'),
        comment.publicationSeq,
        comment.parentId ?? null,
        comment.accountId ?? null,
        comment.username,
        comment.text,
        comment.sentiment,
        comment.likes,
        comment.createdBusinessMs,
      )
      if (!row) throw new StakazoError('bug', 'the comment was not stored')
      return toComment(row)
    },
    find: (network, id) => {
      const row = store.one(
        'SELECT * FROM comment WHERE network = ? AND id = ? AND removed_business_ms IS NULL',
        network,
        id,
      )
      return row && toComment(row)
    },
    list({ publicationSeq, parentId, olderThanSeq, newerThanSeq, limit }) {
      const isBackwards = newerThanSeq !== undefined
      const rows = store.all(
        `SELECT * FROM comment WHERE publication_seq = ? AND parent_id IS ? AND removed_business_ms IS NULL
           AND seq < ? AND seq > ? ORDER BY seq ${isBackwards ? 'ASC' : 'DESC'} LIMIT ?`,
        publicationSeq,
        parentId ?? null,
        olderThanSeq ?? Number.MAX_SAFE_INTEGER,
        newerThanSeq ?? 0,
        limit,
      )
      return (isBackwards ? rows.reverse() : rows).map(toComment)
    },
    count: (publicationSeq) =>
      Number(
        store.one(
          'SELECT count(*) AS n FROM comment WHERE publication_seq = ? AND removed_business_ms IS NULL',
          publicationSeq,
        )?.n,
      ),
    setHidden: ({ seq }, isHidden) => {
      store.run('UPDATE comment SET is_hidden = ? WHERE seq = ?', isHidden ? 1 : 0, seq)
    },
    remove: (comment, atBusinessMs) => {
      store.run(
        `UPDATE comment SET removed_business_ms = ?1
           WHERE publication_seq = ?2 AND (seq = ?3 OR parent_id = ?4) AND removed_business_ms IS NULL`,
        atBusinessMs,
        comment.publicationSeq,
        comment.seq,
        comment.id,
      )
    },
  }
}

const toComment = (row: Row): Comment => ({
  seq: Number(row.seq),
  network: String(row.network),
  id: String(row.id),
  publicationSeq: Number(row.publication_seq),
  parentId: row.parent_id === null ? undefined : String(row.parent_id),
  accountId: row.account_id === null ? undefined : String(row.account_id),
  username: String(row.username),
  text: String(row.text),
  sentiment: row.sentiment as Sentiment,
  likes: Number(row.likes),
  isHidden: row.is_hidden === 1,
  createdBusinessMs: Number(row.created_business_ms),
})
