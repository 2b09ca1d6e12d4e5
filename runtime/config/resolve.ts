/** Environment > agents.yaml > defaults, once. Every contradiction is named by its variable, all of them at a time. */
import { resolve } from 'node:path'
import { Cron } from 'croner'
import { World } from '../core/effect.ts'
import { NETWORKS } from '../core/entities.ts'
import { StakazoError } from '../core/errors.ts'
import { Policy } from '../effects/policy.ts'
import { type AgentsFile, Cycle, Limits, PROVIDERS, type Provider } from './agents-file.ts'
import type { Config, Resolved, Secrets, StoreConfig } from './config.ts'
import type { Environment, Variable } from './env.ts'
import { Secret, toSecret } from './secret.ts'

export const DEFAULT_PORT = 7411
const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost'])

export interface ResolveOptions {
  readonly environment: Environment
  readonly file?: AgentsFile
  /** Where `file` came from. */
  readonly agentsFile?: string
  readonly cwd: string
}

/** Pure. Throws `config-invalid` naming every variable and key that is wrong or contradicts another. */
export function resolveConfig({ environment, file = {}, agentsFile, cwd }: ResolveOptions): Resolved {
  const complaints: string[] = []
  const dataDir = resolve(cwd, environment.STAKAZO_DATA ?? 'data')
  const config: Config = {
    mode: readMode(environment, complaints),
    dataDir,
    agentsFile,
    database: environment.DATABASE_URL ? 'served' : 'embedded',
    fastStore: environment.REDIS_URL ? 'redis' : 'postgres',
    store: readStore(environment, file, dataDir, cwd),
    http: {
      host: environment.STAKAZO_HOST ?? '127.0.0.1',
      port: readPort(environment, complaints),
      publicUrl: environment.STAKAZO_PUBLIC_URL?.replace(/\/+$/, ''),
    },
    origins: readOrigins(environment, complaints),
    models: {
      tiers: defined(file.models?.tiers ?? {}),
      embeddings: file.models?.embeddings,
      speech: file.models?.speech,
      baseUrls: readBaseUrls(environment),
      prices: file.models?.prices ?? {},
    },
    media: { ffmpegPath: environment.FFMPEG_PATH, ffprobePath: environment.FFPROBE_PATH },
    agents: file.agents ?? {},
    cycles: (file.cycles ?? []).map((cycle) => Cycle.parse(cycle)),
    policy: Policy.parse(file.policy ?? {}),
    limits: Limits.parse(defined(file.limits ?? {})),
    networks: file.networks ?? NETWORKS,
  }
  const secrets = readSecrets(environment)
  complaints.push(
    ...listBadUrls(environment),
    ...listBadCycles(config),
    ...listContradictions(config, environment),
  )
  if (complaints.length > 0)
    throw new StakazoError('config-invalid', complaints.join('\n'), { details: { complaints } })
  return { config: deepFreeze(config), secrets: deepFreeze(secrets) }
}

function readSecrets(environment: Environment): Secrets {
  const keys: Partial<Record<Provider, Secret>> = {}
  for (const provider of PROVIDERS) {
    const value = environment[`${provider.toUpperCase()}_API_KEY` as Variable]
    if (value) keys[provider] = new Secret(value)
  }
  return {
    databaseUrl: toSecret(environment.DATABASE_URL),
    redisUrl: toSecret(environment.REDIS_URL),
    masterKey: toSecret(environment.STAKAZO_MASTER_KEY),
    providerKeys: keys,
  }
}

function readMode(environment: Environment, complaints: string[]): World {
  const mode = World.safeParse(environment.STAKAZO_MODE ?? 'sandbox')
  if (mode.success) return mode.data
  complaints.push(`STAKAZO_MODE is "${environment.STAKAZO_MODE}"; it is sandbox or live`)
  return 'sandbox'
}

function readPort(environment: Environment, complaints: string[]): number {
  const text = environment.STAKAZO_PORT
  if (text === undefined) return DEFAULT_PORT
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  complaints.push(`STAKAZO_PORT is "${text}"; it is a number from 0 (any free port) to 65535`)
  return DEFAULT_PORT
}

function readStore(environment: Environment, file: AgentsFile, dataDir: string, cwd: string): StoreConfig {
  const value = environment.STAKAZO_STORE
  if (value?.startsWith('s3:')) return { kind: 's3', url: value }
  const path = value ? resolve(cwd, value.replace(/^file:\/\//, '')) : resolve(dataDir, 'blobs')
  return { kind: 'disk', path, isShared: file.store?.shared ?? false }
}

function readOrigins(environment: Environment, complaints: string[]): Record<string, string> {
  const text = environment.STAKAZO_ORIGINS
  if (text === undefined) return {}
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = undefined // the complaint below says what it must be, whatever it is
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    const pairs = Object.entries(parsed)
    if (pairs.every(([from, to]) => isOrigin(from) && isOrigin(to))) return Object.fromEntries(pairs)
  }
  complaints.push(
    'STAKAZO_ORIGINS is no JSON object of origins, such as {"https://a.example":"http://127.0.0.1:9"}',
  )
  return {}
}

const isOrigin = (value: unknown): boolean => typeof value === 'string' && URL.parse(value)?.origin === value

function readBaseUrls(environment: Environment): Config['models']['baseUrls'] {
  const found: Partial<Record<Provider, string>> = {}
  for (const provider of PROVIDERS) {
    const value = environment[`${provider.toUpperCase()}_BASE_URL` as Variable]
    if (value) found[provider] = value.replace(/\/+$/, '')
  }
  return found
}

const URL_VARIABLES: Partial<Record<Variable, readonly string[]>> = {
  DATABASE_URL: ['postgres:', 'postgresql:'],
  REDIS_URL: ['redis:', 'rediss:'],
  STAKAZO_PUBLIC_URL: ['https:', 'http:'],
  OPENAI_BASE_URL: ['https:', 'http:'],
  ANTHROPIC_BASE_URL: ['https:', 'http:'],
  GOOGLE_BASE_URL: ['https:', 'http:'],
}

/** Never quotes the value: a database URL holds a password. */
function listBadUrls(environment: Environment): string[] {
  return Object.entries(URL_VARIABLES).flatMap(([name, protocols]) => {
    const value = environment[name as Variable]
    if (value === undefined || protocols.includes(URL.parse(value)?.protocol ?? '')) return []
    return [`${name} is no URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`]
  })
}

function listBadCycles({ cycles }: Config): string[] {
  const names = cycles.map(({ name }) => name)
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  const unreadable = cycles.flatMap(({ name, cron }) => {
    try {
      new Cron(cron, { paused: true, mode: '5-part' }).stop()
      return []
    } catch (error) {
      return [`cycles: "${name}" has no readable cron line "${cron}": ${(error as Error).message}`]
    }
  })
  return [...twice.map((name) => `cycles: "${name}" is there twice; each name is one cycle`), ...unreadable]
}

function listContradictions({ mode, http, store }: Config, environment: Environment): string[] {
  const found: string[] = []
  if (mode === 'live' && environment.STAKAZO_ORIGINS)
    found.push('STAKAZO_ORIGINS redirects platforms and STAKAZO_MODE is live; drop one of them')
  if (mode === 'live' && environment.DATABASE_URL && !environment.STAKAZO_MASTER_KEY)
    found.push(
      'STAKAZO_MASTER_KEY is missing: with DATABASE_URL and STAKAZO_MODE=live the sealed tokens must outlive this machine',
    )
  if (!LOOPBACK_HOSTS.has(http.host) && mode === 'live' && !environment.STAKAZO_PUBLIC_URL)
    found.push(
      'STAKAZO_HOST is open to the network and STAKAZO_PUBLIC_URL is missing; say under which address',
    )
  if (Boolean(environment.FFMPEG_PATH) !== Boolean(environment.FFPROBE_PATH))
    found.push('FFMPEG_PATH and FFPROBE_PATH belong together; set both or none')
  if (environment.STAKAZO_MASTER_KEY && !isMasterKey(environment.STAKAZO_MASTER_KEY))
    found.push('STAKAZO_MASTER_KEY is not 32 bytes in base64 or 64 hex digits')
  if (store.kind === 's3')
    found.push('STAKAZO_STORE names an S3 bucket, which this version cannot use yet; give a directory')
  return found
}

export const isMasterKey = (text: string): boolean => parseMasterKey(text) !== undefined

/** 64 hex digits or 32 bytes of base64 (either alphabet). */
export function parseMasterKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (!/^[\w+/-]{43}=?$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === 32 ? bytes : undefined
}

const defined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as never

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  for (const entry of Object.values(value)) deepFreeze(entry)
  return Object.freeze(value)
}
