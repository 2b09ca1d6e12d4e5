/**
 * The composition root, read from top to bottom: everything is opened in order and closed in reverse. Each room gets the
 * narrow port it needs; `overrides` is the only hook for tests.
 */
import { AsyncDisposableStack } from '@whatwg-node/disposablestack'
import { roster } from '../agents/index.ts'
import type { Database } from '../db/open.ts'
import { readPolicy } from '../db/queries/policies.ts'
import type { Tx } from '../db/tx.ts'
import { type Memory, openMemory } from '../memory/open-memory.ts'
import { bindEmbeddings } from './bind-embeddings.ts'
import { type DiskBlobs, openDiskBlobs } from './blobs.ts'
import type { Resolved } from './config/config.ts'
import type { AnyAgent } from './core/agent.ts'
import { type Clock, SECOND, systemClock } from './core/clock.ts'
import type { Media } from './core/ports/media.ts'
import type { Queue } from './core/ports/queue.ts'
import type { Wire } from './core/ports/wire.ts'
import { type Random, systemRandom } from './core/random.ts'
import type { CyclePorts } from './cycles/cycles.ts'
import type { EffectPorts, EffectTimings } from './effects/effect-ports.ts'
import { Policy } from './effects/policy.ts'
import type { Egress } from './egress.ts'
import { mapOrigins, openWire } from './http.ts'
import type { LedgerWitness } from './ledger-witness.ts'
import type { Log } from './log.ts'
import type { OpenedModels, Tape } from './models/open-models.ts'
import { openEffectPorts } from './open-effects.ts'
import { openRunPorts } from './open-runs.ts'
import { openStorage } from './open-storage.ts'
import { applyOverrides } from './open-team.ts'
import { diskPath, findSandboxUrl, openEgress, openModelLayer, openWorkplace } from './open-world.ts'
import { RunEngine } from './runs/perform-run.ts'
import type { RunPorts } from './runs/run-ports.ts'
import { getMasterKey, openSealer, type Sealer } from './secrets.ts'

export interface Overrides {
  readonly clock?: Clock
  readonly random?: Random
  /** Where the sandbox's or another double's wire is found; the sandbox of the data directory when absent. */
  readonly sandboxUrl?: string
  readonly roster?: readonly AnyAgent[]
  readonly leaseMs?: number
  /** Waits and leases of acts, where a trial of hours has minutes. */
  readonly effectTimings?: Partial<EffectTimings>
  /** Keeps every answer of a model, or answers from what was kept and asks nobody. */
  readonly tape?: Tape
  readonly signal?: AbortSignal
}

export interface Context extends AsyncDisposable {
  readonly resolved: Resolved
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly db: Database
  readonly queue: Queue
  readonly witness: LedgerWitness
  readonly blobs: DiskBlobs
  readonly media: Media
  readonly sealer: Sealer
  readonly egress: Egress
  readonly sandboxUrl: string | undefined
  readonly openWireTo: (origins: readonly string[]) => Wire
  readonly models: OpenedModels
  readonly memory: Memory
  readonly effects: EffectPorts
  readonly cycles: CyclePorts
  readonly roster: readonly AnyAgent[]
  readonly runs: RunPorts
  readonly engine: RunEngine
  readonly leaseMs: number
}

/** A worker that is silent for so long has lost its run; three missed heartbeats. */
const LEASE_MS = 15 * SECOND

export async function openContext(resolved: Resolved, log: Log, overrides: Overrides = {}): Promise<Context> {
  const { config, secrets } = resolved
  const clock = overrides.clock ?? systemClock
  const random = overrides.random ?? systemRandom
  const leaseMs = overrides.leaseMs ?? LEASE_MS
  await using opened = new AsyncDisposableStack()
  const sandboxUrl = await findSandboxUrl(resolved, overrides.sandboxUrl)
  const egress = opened.use(openEgress(resolved, sandboxUrl))
  const storage = opened.use(
    await openStorage(resolved, { clock, random, log, leaseMs, signal: overrides.signal }),
  )
  const { db, queue, witness } = storage
  const sealer = openSealer(await getMasterKey(secrets.masterKey, config.dataDir, random), random)
  const blobs = await openDiskBlobs({ root: diskPath(config), db, clock })
  const media = await openWorkplace(config)
  const mapping = mapOrigins({ sandboxUrl, origins: config.origins })
  const openWireTo = (origins: readonly string[]) => openWire({ origins, mapping, clock, random })
  const models = openModelLayer(resolved, { db, clock, random, tape: overrides.tape })
  const memory = opened.use(
    await openMemory({ db, clock, redisUrl: secrets.redisUrl?.reveal(), embeddings: bindEmbeddings(models) }),
  )
  const team = overrides.roster ?? applyOverrides(roster, config.agents)
  const shared = { resolved, db, clock, random, log, blobs, roster: team }
  const timings = overrides.effectTimings
  const effects = openEffectPorts({ ...shared, sealer, openWireTo, timings })
  const runs = openRunPorts({ ...shared, leaseMs, media, models, memory, effects })
  const cycles: CyclePorts = {
    db,
    clock,
    world: config.mode,
    cycles: config.cycles,
    isPaused: isTenantPaused,
  }
  const stack = opened.move()
  return {
    resolved,
    clock,
    random,
    log,
    db,
    queue,
    witness,
    blobs,
    media,
    sealer,
    egress,
    sandboxUrl,
    openWireTo,
    models,
    memory,
    effects,
    cycles,
    roster: team,
    runs,
    engine: new RunEngine(runs),
    leaseMs,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** The switch that stops all. Rules that cannot be read count as paused. */
async function isTenantPaused(tx: Tx): Promise<boolean> {
  const rules = Policy.safeParse((await readPolicy(tx))?.body)
  return !rules.success || rules.data.paused !== null
}
