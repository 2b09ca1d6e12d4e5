import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Secret } from '../../../runtime/config/secret.ts'
import { getMasterKey, openSealer } from '../../../runtime/secrets.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const key = Buffer.alloc(32, 7)
const [tenant, other] = ['0190a000-0000-7000-8000-000000000001', '0190a000-0000-7000-8000-000000000002']

it('opens what it sealed, and seals the same text differently each time', () => {
  const sealer = openSealer(key)
  const sealed = sealer.seal(tenant, 'account token', 'IGQV-token')
  expect(sealed).not.toContain('IGQV')
  expect(sealed).not.toBe(sealer.seal(tenant, 'account token', 'IGQV-token'))
  expect(sealer.open(tenant, 'account token', sealed)).toBe('IGQV-token')
})

it('refuses another tenant, another purpose, another key and a changed byte', () => {
  const sealer = openSealer(key)
  const sealed = sealer.seal(tenant, 'account token', 'IGQV-token')
  const changed = sealed.slice(0, -2) + (sealed.endsWith('A') ? 'B' : 'A') + sealed.slice(-1)
  for (const attempt of [
    () => sealer.open(other, 'account token', sealed),
    () => sealer.open(tenant, 'webhook secret', sealed),
    () => openSealer(Buffer.alloc(32, 8)).open(tenant, 'account token', sealed),
    () => sealer.open(tenant, 'account token', changed),
    () => sealer.open(tenant, 'account token', 'plain text'),
  ]) {
    expect(attempt).toThrow(expect.objectContaining({ code: 'secret-unreadable' }))
  }
})

it('makes one key file of mode 600 when several processes ask at once', async () => {
  using directory = temporaryDirectory('key')
  const keys = await Promise.all(Array.from({ length: 8 }, () => getMasterKey(undefined, directory.path)))
  expect(new Set(keys.map((each) => each.toString('hex'))).size).toBe(1)
  expect(statSync(join(directory.path, 'master.key')).mode & 0o777).toBe(0o600)
})

it('takes the configured key in hex as in base64', async () => {
  for (const encoding of ['hex', 'base64', 'base64url'] as const) {
    expect(await getMasterKey(new Secret(key.toString(encoding)), '/nowhere')).toEqual(key)
  }
})
