/** `stk_<tenant>_<secret>`: the tenant is in the key, so that its hash is looked up behind that tenant's wall. */
import { sha256Hex } from '../core/digest.ts'
import { isUuid } from '../core/ids.ts'
import type { Random } from '../core/random.ts'

const SECRET_BYTES = 32

export interface ApiKey {
  readonly tenantId: string
  readonly hash: string
}

export function mintApiKey(tenantId: string, random: Random): ApiKey & { readonly text: string } {
  const secret = Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url')
  return { text: `stk_${tenantId.replaceAll('-', '')}_${secret}`, tenantId, hash: sha256Hex(secret) }
}

/** Undefined for anything that cannot be one of ours. */
export function parseApiKey(text: string): ApiKey | undefined {
  const [, hex, secret] = /^stk_([0-9a-f]{32})_([\w-]{43})$/.exec(text) ?? []
  if (!hex || !secret) return undefined
  const tenantId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return isUuid(tenantId) ? { tenantId, hash: sha256Hex(secret) } : undefined
}
