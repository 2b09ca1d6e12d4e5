/**
 * Seals tokens before they touch the database: AES-256-GCM under a key of the tenant, which HKDF derives from the master
 * key. The tenant and a purpose are bound in, so that a sealed value moved to another row does not open.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseMasterKey } from './config/resolve.ts'
import type { Secret } from './config/secret.ts'
import { StakazoError } from './core/errors.ts'
import { type Random, systemRandom } from './core/random.ts'

export interface Sealer {
  /** `v1.<nonce>.<tag>.<ciphertext>`, base64url each. */
  seal(tenantId: string, purpose: string, plain: string): string
  /** Throws `secret-unreadable` when the key, the tenant or the purpose is another one, or a byte changed. */
  open(tenantId: string, purpose: string, sealed: string): string
}

const NONCE_BYTES = 12
const KEY_BYTES = 32

export function openSealer(masterKey: Buffer, random: Random = systemRandom): Sealer {
  const keyOf = (tenantId: string) =>
    Buffer.from(hkdfSync('sha256', masterKey, tenantId, 'stakazo tenant key v1', KEY_BYTES))
  return {
    seal: (tenantId, purpose, plain) => {
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keyOf(tenantId), nonce)
      cipher.setAAD(Buffer.from(`${tenantId}\n${purpose}`))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return [
        'v1',
        ...[nonce, cipher.getAuthTag(), body].map((part) => Buffer.from(part).toString('base64url')),
      ].join('.')
    },
    open: (tenantId, purpose, sealed) => {
      const [version, ...parts] = sealed.split('.')
      const [nonce, tag, body] = parts.map((part) => Buffer.from(part, 'base64url'))
      if (version !== 'v1' || !nonce || !tag || !body) throw unreadable(purpose)
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(tenantId), nonce, { authTagLength: 16 })
        decipher.setAAD(Buffer.from(`${tenantId}\n${purpose}`))
        decipher.setAuthTag(tag)
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw unreadable(purpose, cause)
      }
    },
  }
}

const unreadable = (purpose: string, cause?: unknown) =>
  new StakazoError(
    'secret-unreadable',
    `the sealed value for ${purpose} does not open with this master key`,
    { cause },
  )

const KEY_FILE = 'master.key'

/**
 * The configured key, else the data directory's own, made on first use with mode 600. Two processes starting at once
 * agree: the file appears whole, by a link that only one of them can make.
 */
export async function getMasterKey(
  configured: Secret | undefined,
  dataDir: string,
  random: Random = systemRandom,
): Promise<Buffer> {
  if (configured) return assertKey(parseMasterKey(configured.reveal()), 'STAKAZO_MASTER_KEY')
  const path = join(dataDir, KEY_FILE)
  const known = await readIfThere(path)
  if (known !== undefined) return assertKey(parseMasterKey(known.trim()), path)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.${Buffer.from(random.bytes(6)).toString('hex')}`
  await using file = await open(draft, 'wx', 0o600)
  await file.writeFile(`${Buffer.from(random.bytes(KEY_BYTES)).toString('base64')}\n`)
  await file.sync()
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return assertKey(parseMasterKey((await readFile(path, 'utf8')).trim()), path)
}

async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new StakazoError('secret-unreadable', `${path} cannot be read: ${error.code}`, { cause: error })
  })
}

function assertKey(key: Buffer | undefined, source: string): Buffer {
  if (key) return key
  throw new StakazoError('secret-unreadable', `${source} holds no key of 32 bytes`)
}
