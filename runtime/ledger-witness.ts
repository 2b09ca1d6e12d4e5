/**
 * Head and count of each tenant's ledger, kept beside the database: whoever rewrites or truncates the chain inside it
 * would have to change this file too. It may lag behind a commit (a crash in between), never lead it.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { LedgerHead } from '../db/queries/ledger.ts'
import { StakazoError } from './core/errors.ts'
import { isUuid } from './core/ids.ts'

const Head = z.object({ count: z.int(), hash: z.string() })

export interface LedgerWitness {
  /** Heads may arrive out of order; an older one never replaces a newer. */
  write(tenantId: string, head: LedgerHead): Promise<void>
  /** Undefined before the first entry. Throws `storage-unavailable` when the file cannot be read. */
  read(tenantId: string): Promise<LedgerHead | undefined>
}

export async function openLedgerWitness(dataDir: string): Promise<LedgerWitness> {
  const directory = join(dataDir, 'ledger')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const pathOf = (tenantId: string): string => {
    if (!isUuid(tenantId)) throw new StakazoError('tenant-missing', 'a ledger belongs to a tenant')
    return join(directory, `${tenantId}.json`)
  }
  /** One writer a tenant at a time; what waits is the newest. */
  const waiting = new Map<string, LedgerHead>()
  const writing = new Map<string, Promise<void>>()
  const read = async (tenantId: string): Promise<LedgerHead | undefined> => {
    const text = await readFile(pathOf(tenantId), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw new StakazoError('storage-unavailable', `the ledger's head cannot be read: ${error.message}`, {
        cause: error,
      })
    })
    return text === undefined ? undefined : Head.parse(JSON.parse(text))
  }
  const drain = async (tenantId: string): Promise<void> => {
    for (let head = waiting.get(tenantId); head; head = waiting.get(tenantId)) {
      waiting.delete(tenantId)
      const known = await read(tenantId)
      if (known && known.count >= head.count) continue
      const draft = `${pathOf(tenantId)}.${process.pid}`
      await writeFile(draft, `${JSON.stringify(head)}\n`, { mode: 0o600 })
      await rename(draft, pathOf(tenantId))
    }
  }
  return {
    read,
    async write(tenantId, head) {
      if ((waiting.get(tenantId)?.count ?? 0) < head.count) waiting.set(tenantId, head)
      const busy = writing.get(tenantId) ?? drain(tenantId).finally(() => writing.delete(tenantId))
      writing.set(tenantId, busy)
      await busy
    },
  }
}
