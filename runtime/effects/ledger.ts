/** Proves the ledger: every row chains to the one before it, every body to its row, and the end to a head kept elsewhere. */
import type { Database } from '../../db/open.ts'
import {
  chainHash,
  digestBody,
  GENESIS,
  type LedgerHead,
  listLedger,
  readLedgerHead,
} from '../../db/queries/ledger.ts'

export interface LedgerProblem {
  seq: number
  kind: 'edited' | 'body-edited' | 'deleted' | 'reordered' | 'truncated' | 'rewritten'
  message: string
}

export interface LedgerProof {
  isIntact: boolean
  events: number
  head: LedgerHead
  /** Bodies erased on purpose; their digests still stand in the chain. */
  erased: number
  problems: LedgerProblem[]
}

const PAGE = 1_000
const PROBLEMS_MAX = 50

/** `outside` is the head kept outside the database; without it truncation and rewriting by its owner cannot be seen. */
export async function verifyLedger(
  db: Pick<Database, 'tenant'>,
  tenantId: string,
  outside: LedgerHead | undefined,
): Promise<LedgerProof> {
  const problems: LedgerProblem[] = []
  const report = (seq: number, kind: LedgerProblem['kind'], message: string) => {
    if (problems.length < PROBLEMS_MAX) problems.push({ seq, kind, message })
  }
  let last: LedgerHead = { count: 0, hash: GENESIS }
  let atOutside: string | undefined = outside?.count === 0 ? GENESIS : undefined
  let erased = 0
  let events = 0
  for (;;) {
    const page = await db.tenant(tenantId, (tx) => listLedger(tx, last.count, PAGE))
    for (const { row, body } of page) {
      if (row.seq !== last.count + 1)
        report(row.seq, 'deleted', `rows ${last.count + 1} to ${row.seq - 1} are missing`)
      else if (row.previousHash !== last.hash)
        report(row.seq, 'reordered', 'it does not follow the row before it')
      if (chainHash(row) !== row.hash) report(row.seq, 'edited', 'its content is not the one that was hashed')
      if (!body) erased += 1
      else if (digestBody(body.salt, body.body) !== row.bodyDigest)
        report(row.seq, 'body-edited', 'its body changed')
      last = { count: row.seq, hash: row.hash }
      events += 1
      if (row.seq === outside?.count) atOutside = row.hash
    }
    if (page.length < PAGE) break
  }
  const believed = await db.tenant(tenantId, readLedgerHead)
  if (believed.count > last.count) report(last.count, 'truncated', `it should reach ${believed.count}`)
  else if (believed.hash !== last.hash)
    report(last.count, 'rewritten', 'the database itself remembers another head')
  if (outside && outside.count > last.count)
    report(last.count, 'truncated', `outside it reached ${outside.count}`)
  else if (outside && atOutside !== outside.hash)
    report(outside.count, 'rewritten', 'outside another head was kept')
  return { isIntact: problems.length === 0, events, head: last, erased, problems }
}
