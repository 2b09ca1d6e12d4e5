import type { Database } from '../../db/open.ts'
import { findKeyByHash } from '../../db/queries/keys.ts'
import { StakazoError } from '../core/errors.ts'
import { parseApiKey } from './api-key.ts'
import type { Principal } from './scopes.ts'

/** Who a request is from. Throws `unauthorized` with the same words whatever was wrong with the key. */
export async function authenticate(
  database: Pick<Database, 'tenant'>,
  authorization: string | undefined,
): Promise<Principal> {
  if (authorization === undefined) throw new StakazoError('unauthorized', 'no key was sent')
  const key = parseApiKey(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
  const row = key && (await database.tenant(key.tenantId, (tx) => findKeyByHash(tx, key.hash)))
  if (!key || !row) throw new StakazoError('unauthorized', 'this key is unknown or revoked')
  return { tenantId: key.tenantId, keyId: row.id, keyName: row.name, scopes: new Set(row.scopes) }
}
