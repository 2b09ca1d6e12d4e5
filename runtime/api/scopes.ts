/** What a key may do. A new key carries a subset; nobody can hand on more than they have. */
import { z } from 'zod'

export const SCOPES = ['read', 'write', 'approve', 'admin', 'tenants'] as const
export const Scope = z.enum(SCOPES).meta({
  id: 'Scope',
  description:
    'read: look. write: brands, films, tasks. approve: answer approvals. admin: accounts, keys, pause and freeze. tenants: make tenants.',
})
export type Scope = z.infer<typeof Scope>

/** Who asks, proven by a key of the tenant it names. */
export interface Principal {
  readonly tenantId: string
  readonly keyId: string
  readonly keyName: string
  readonly scopes: ReadonlySet<string>
}
