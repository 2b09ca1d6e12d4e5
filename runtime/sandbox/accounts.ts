/** Accounts and their tokens, as the control API plants them. */
import { z } from 'zod'
import { DAY } from '../core/clock.ts'
import { StakazoError } from '../core/errors.ts'
import { systemRandom } from '../core/random.ts'
import type { SandboxClock } from './sandbox-clock.ts'
import type { Row, Store } from './store.ts'

/** Why a token no longer works; networks map it to their codes. */
export const TokenDeath = z.enum([
  'app-removed',
  'checkpoint',
  'password-changed',
  'expired',
  'unconfirmed',
  'invalid',
])
export type TokenDeath = z.infer<typeof TokenDeath>

export const AccountSettings = z.strictObject({
  /** Posts per rolling 24 business hours; undefined takes the network's own figure. */
  postsPerDay: z.int().min(0).optional(),
  containersPerDay: z.int().min(0).optional(),
  callsPerHour: z.int().min(1).default(20_000),
  /** Capabilities a platform grants to few apps, such as deleting media. */
  capabilities: z.array(z.enum(['delete-media'])).default([]),
  appSecret: z.string().min(1).optional(),
})
export type AccountSettings = z.infer<typeof AccountSettings>

export const NewAccount = z.strictObject({
  network: z.string(),
  username: z.string().regex(/^[A-Za-z0-9._]{1,30}$/),
  id: z
    .string()
    .regex(/^\d{5,25}$/)
    .optional(),
  name: z.string().max(100).optional(),
  biography: z.string().max(500).default(''),
  token: z.string().min(8).max(500).optional(),
  tokenLifeMs: z
    .int()
    .min(1)
    .default(60 * DAY),
  followers: z.int().min(0).max(1_000_000_000).default(2_400),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  zone: z.string().refine(isZone, 'not an IANA time zone').default('Europe/Madrid'),
  language: z.enum(['es', 'en', 'mixed']).default('mixed'),
  settings: AccountSettings.prefault({}),
})
export type NewAccount = z.infer<typeof NewAccount>

export interface Account {
  network: string
  id: string
  username: string
  name: string
  biography: string
  followers: number
  seed: number
  zone: string
  language: 'es' | 'en' | 'mixed'
  settings: AccountSettings
  createdBusinessMs: number
}

export interface Token {
  token: string
  network: string
  accountId: string
  issuedBusinessMs: number
  expiresBusinessMs: number
  death: TokenDeath | undefined
}

export interface Accounts {
  create(account: NewAccount): { account: Account; token: string }
  find(network: string, id: string): Account | undefined
  findByName(network: string, username: string): Account | undefined
  get(network: string, id: string): Account
  list(network?: string): Account[]
  update(network: string, id: string, change: Partial<Pick<Account, 'followers' | 'settings'>>): Account
  findToken(token: string): Token | undefined
  addToken(network: string, accountId: string, lifeMs: number, token?: string): Token
  /** Kills every token of the account. */
  killTokens(network: string, accountId: string, death: TokenDeath): number
}

export function openAccounts(store: Store, clock: SandboxClock): Accounts {
  const find = (network: string, id: string) => {
    const row = store.one('SELECT * FROM account WHERE network = ? AND id = ?', network, id)
    return row && toAccount(row)
  }
  const get = (network: string, id: string) => {
    const account = find(network, id)
    if (!account) throw new StakazoError('not-found', `${network} has no account ${id} in this sandbox`)
    return account
  }
  const addToken: Accounts['addToken'] = (network, accountId, lifeMs, token) => {
    const text = token ?? `SBX${Buffer.from(systemRandom.bytes(36)).toString('base64url')}`
    const issued = clock.nowMs()
    store.run(
      `INSERT INTO token (token, network, account_id, issued_business_ms, expires_business_ms) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (token) DO UPDATE SET expires_business_ms = excluded.expires_business_ms, death = NULL
         WHERE account_id = excluded.account_id AND network = excluded.network`,
      text,
      network,
      accountId,
      issued,
      issued + lifeMs,
    )
    const stored = findToken(store, text)
    if (stored?.network !== network || stored.accountId !== accountId) {
      throw new StakazoError('conflict', 'this token belongs to another account of the sandbox')
    }
    return stored
  }
  return {
    find,
    get,
    addToken,
    findByName: (network, username) => {
      const row = store.one('SELECT * FROM account WHERE network = ? AND username = ?', network, username)
      return row && toAccount(row)
    },
    list: (network) =>
      (network === undefined
        ? store.all('SELECT * FROM account ORDER BY network, username')
        : store.all('SELECT * FROM account WHERE network = ? ORDER BY username', network)
      ).map(toAccount),
    create: (wanted) =>
      store.transaction(() => {
        const id = insertAccount(store, clock, wanted)
        const { token } = addToken(wanted.network, id, wanted.tokenLifeMs, wanted.token)
        return { account: get(wanted.network, id), token }
      }),
    update: (network, id, change) => {
      const next = { ...get(network, id), ...change }
      store.run(
        'UPDATE account SET followers = ?, settings = ? WHERE network = ? AND id = ?',
        next.followers,
        JSON.stringify(next.settings),
        network,
        id,
      )
      return next
    },
    findToken: (token) => findToken(store, token),
    killTokens: (network, accountId, death) =>
      store.run('UPDATE token SET death = ? WHERE network = ? AND account_id = ?', death, network, accountId),
  }
}

function insertAccount(store: Store, clock: SandboxClock, wanted: NewAccount): string {
  const id = wanted.id ?? `178414${String(store.nextNumber('account') * 7_919_191).padStart(11, '0')}`
  const clash = store.one(
    'SELECT id FROM account WHERE network = ? AND (id = ? OR username = ?)',
    wanted.network,
    id,
    wanted.username,
  )
  if (clash) throw new StakazoError('conflict', `${wanted.network} has ${wanted.username} or ${id} already`)
  store.run(
    `INSERT INTO account (network, id, username, name, biography, followers, seed, zone, language, settings,
       created_business_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    wanted.network,
    id,
    wanted.username,
    wanted.name ?? wanted.username,
    wanted.biography,
    wanted.followers,
    wanted.seed,
    wanted.zone,
    wanted.language,
    JSON.stringify(wanted.settings),
    clock.nowMs(),
  )
  return id
}

function findToken(store: Store, token: string): Token | undefined {
  const row = store.one('SELECT * FROM token WHERE token = ?', token)
  if (!row) return undefined
  return {
    token,
    network: String(row.network),
    accountId: String(row.account_id),
    issuedBusinessMs: Number(row.issued_business_ms),
    expiresBusinessMs: Number(row.expires_business_ms),
    death: row.death === null ? undefined : TokenDeath.parse(row.death),
  }
}

const toAccount = (row: Row): Account => ({
  network: String(row.network),
  id: String(row.id),
  username: String(row.username),
  name: String(row.name),
  biography: String(row.biography),
  followers: Number(row.followers),
  seed: Number(row.seed),
  zone: String(row.zone),
  language: row.language as Account['language'],
  settings: AccountSettings.parse(JSON.parse(String(row.settings))),
  createdBusinessMs: Number(row.created_business_ms),
})

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
