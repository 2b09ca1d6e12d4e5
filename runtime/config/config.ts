/** What the daemon runs with, resolved once at start and frozen. Secrets live in an object of their own. */
import type { z } from 'zod'
import type { Role, Tier } from '../core/agent.ts'
import type { Autonomy, World } from '../core/effect.ts'
import type { Network } from '../core/entities.ts'
import type { Policy } from '../effects/policy.ts'
import type { AgentsFile, Cycle, Limits, Provider } from './agents-file.ts'
import type { Secret } from './secret.ts'

export interface AgentOverride {
  readonly autonomy?: Autonomy
  readonly tier?: Tier
  readonly limits?: { readonly turns?: number; readonly costMicros?: number; readonly wallMs?: number }
}

export type StoreConfig =
  | { readonly kind: 'disk'; readonly path: string; readonly isShared: boolean }
  | { readonly kind: 's3'; readonly url: string }

export interface Config {
  readonly mode: World
  /** Absolute. Holds the embedded database, generated keys, logs and `daemon.json`. */
  readonly dataDir: string
  /** The file that was read, or undefined when there is none and defaults alone speak. */
  readonly agentsFile: string | undefined
  readonly database: 'embedded' | 'served'
  readonly fastStore: 'postgres' | 'redis'
  readonly store: StoreConfig
  readonly http: { readonly host: string; readonly port: number; readonly publicUrl: string | undefined }
  /** Origin to origin, for tests; wins over the sandbox's own mapping. Empty in live mode. */
  readonly origins: Readonly<Record<string, string>>
  readonly models: {
    /** Chains as written, keyless links included: the model layer skips those and says so. Absent: its defaults. */
    readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>
    readonly embeddings: string | undefined
    readonly speech: string | undefined
    readonly baseUrls: Readonly<Partial<Record<Provider, string>>>
    readonly prices: NonNullable<NonNullable<AgentsFile['models']>['prices']>
  }
  readonly media: { readonly ffmpegPath: string | undefined; readonly ffprobePath: string | undefined }
  readonly agents: Readonly<Partial<Record<Role, AgentOverride>>>
  readonly cycles: readonly Cycle[]
  /** What a new tenant starts with. */
  readonly policy: Policy
  readonly limits: z.output<typeof Limits>
  readonly networks: readonly Network[]
}

export interface Secrets {
  /** Present when the database is served. */
  readonly databaseUrl: Secret | undefined
  readonly redisUrl: Secret | undefined
  /** From the environment; absent, a key file of the data directory is used. */
  readonly masterKey: Secret | undefined
  readonly providerKeys: Readonly<Partial<Record<Provider, Secret>>>
}

export interface Resolved {
  readonly config: Config
  readonly secrets: Secrets
}
