/** The ways out of this process: the sandbox, the guard behind fetch, the models' providers. */
import { join } from 'node:path'
import type { Database } from '../db/open.ts'
import { connectors } from '../tools/connectors/index.ts'
import type { Resolved } from './config/config.ts'
import type { Clock } from './core/clock.ts'
import { StakazoError } from './core/errors.ts'
import type { Media } from './core/ports/media.ts'
import type { Random } from './core/random.ts'
import { openCosts } from './costs.ts'
import { type Egress, installEgress } from './egress.ts'
import { openMedia } from './media.ts'
import { PROVIDERS } from './models/link.ts'
import { BASE_URLS, type OpenedModels, openModels, type Tape } from './models/open-models.ts'
import { ensureSandbox } from './sandbox/launch.ts'

/** In sandbox mode the network is a process beside ours, unless every origin is mapped elsewhere by hand. */
export async function findSandboxUrl(
  { config }: Resolved,
  given: string | undefined,
): Promise<string | undefined> {
  if (config.mode === 'live') return undefined
  if (given) return given
  const origins = Object.values(connectors).flatMap((connector) => connector.origins)
  if (origins.every((origin) => config.origins[origin])) return undefined
  return (await ensureSandbox({ dataDir: join(config.dataDir, 'sandbox') })).url
}

export function openEgress({ config }: Resolved, sandboxUrl: string | undefined): Egress {
  const declared = Object.values(connectors).flatMap((connector) => connector.origins)
  const own = [
    ...(sandboxUrl ? [sandboxUrl] : []),
    ...Object.values(config.origins),
    ...Object.values(config.models.baseUrls),
  ]
  return installEgress({
    mode: config.mode,
    origins: [...declared, ...Object.values(BASE_URLS)],
    privateOrigins: own,
  })
}

export function openModelLayer(
  { config, secrets }: Resolved,
  ports: { db: Database; clock: Clock; random: Random; tape: Tape | undefined },
): OpenedModels {
  const { clock, random, tape } = ports
  const costs = openCosts({
    ...ports,
    limits: { spendDayMicros: config.limits.modelDayMicros, taskCostMicros: config.limits.taskCostMicros },
  })
  const providers = Object.fromEntries(
    PROVIDERS.flatMap((name) => {
      const apiKey = secrets.providerKeys[name]?.reveal()
      const baseUrl = config.models.baseUrls[name]
      // Sandbox mode leaves this machine in no way: a provider counts only where its server is here.
      const isReachable = config.mode === 'live' || (baseUrl !== undefined && isLoopback(baseUrl))
      return isReachable && (apiKey || baseUrl)
        ? [[name, { ...(apiKey ? { apiKey } : {}), ...(baseUrl ? { baseUrl } : {}) }]]
        : []
    }),
  )
  const { tiers, embeddings, speech, prices } = config.models
  return openModels(
    { providers, tiers, prices, ...(embeddings ? { embeddings } : {}), ...(speech ? { speech } : {}) },
    { costs, clock, random, ...(tape ? { tape } : {}) },
  )
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/
const isLoopback = (url: string): boolean => LOOPBACK.test(new URL(url).hostname)

export function diskPath(config: Resolved['config']): string {
  if (config.store.kind === 'disk') return config.store.path
  throw new StakazoError(
    'config-invalid',
    `STAKAZO_STORE=${config.store.url}: this version stores on disk only; name a directory`,
  )
}

/** ffmpeg and the room to work in, inside the data directory. */
export const openWorkplace = (config: Resolved['config']): Promise<Media> =>
  openMedia({
    directory: join(config.dataDir, 'work'),
    slots: config.limits.ffmpeg,
    ffmpegPath: config.media.ffmpegPath,
    ffprobePath: config.media.ffprobePath,
  })
