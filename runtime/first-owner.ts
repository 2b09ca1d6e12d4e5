/**
 * The first tenant of an installation and its owner's key. The key is written down before the tenant that knows its hash
 * is made, so that a crash in between loses neither: the next start makes the tenant with the key that is there.
 */
import { createKey } from '../db/queries/keys.ts'
import { createTenant, findTenant } from '../db/queries/tenants.ts'
import { mintApiKey, parseApiKey } from './api/api-key.ts'
import { storeFirstPolicy } from './api/first-policy.ts'
import { SCOPES } from './api/scopes.ts'
import type { Context } from './context.ts'
import { newId } from './core/ids.ts'
import { enlistTenant, listTenants } from './cycles/sweep.ts'
import { readOwner, writeOwner } from './daemon-files.ts'

export interface Owner {
  readonly tenantId: string
  /** Only when the tenant was made just now: the one time it is shown. */
  readonly newKey: string | undefined
}

type Parts = Pick<Context, 'db' | 'clock' | 'random' | 'resolved'>

/** Undefined when other tenants are there and this directory has no key of them: nobody's key is made up. */
export async function ensureOwner({ db, clock, random, resolved }: Parts): Promise<Owner | undefined> {
  const { dataDir, policy, mode } = resolved.config
  let owner = await readOwner(dataDir)
  if (!owner) {
    if ((await listTenants(db.system)).length > 0) return undefined
    const tenantId = newId(clock, random)
    owner = { tenantId, key: mintApiKey(tenantId, random).text }
    await writeOwner(dataDir, owner)
  }
  const { tenantId, key } = owner
  const hash = parseApiKey(key)?.hash ?? ''
  const isNew = await db.tenant(tenantId, async (tx) => {
    if (await findTenant(tx)) return false
    await createTenant(tx, clock, 'owner')
    await createKey(tx, clock, { name: 'owner', hash, scopes: SCOPES })
    await storeFirstPolicy(tx, { clock, random }, policy)
    await enlistTenant(tx, clock, mode)
    return true
  })
  return { tenantId, newKey: isNew ? key : undefined }
}
