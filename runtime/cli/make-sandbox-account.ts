/** An account on the sandbox network, with a token as a real platform would hand it out. */
import type { Brand } from '../core/entities.ts'
import { newId } from '../core/ids.ts'
import { openApiClient } from './api-client.ts'

export async function makeSandboxAccount(
  sandboxUrl: string,
  brand: Pick<Brand, 'name' | 'zone' | 'language'>,
): Promise<string> {
  const sandbox = openApiClient({ url: sandboxUrl, key: 'none' })
  const { token } = await sandbox.send<{ token: string }>('POST', '/control/accounts', {
    network: 'instagram',
    username: `${slug(brand.name)}.${newId().slice(-4)}`,
    name: brand.name,
    zone: brand.zone,
    language: brand.language.startsWith('es') ? 'es' : 'en',
  })
  return token
}

const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
    .slice(0, 24) || 'demo'
