/** One round: a fresh installation does the main job while its processes are killed and frozen; then all is looked at. */
import type { Random } from '../../runtime/core/random.ts'
import { eventually } from '../support/eventually.ts'
import { LEASE_MS } from './durations.ts'
import { type Installation, type Mode, openInstallation } from './installation.ts'
import { describeSight, judgeHit, type Moment, type Sight } from './moments.ts'
import { approveNext, type ClipCount, type Job, startJob } from './operator.ts'
import { isMediaTool, listChildren, listProcesses } from './processes.ts'
import { isEnded, readState, readTraces, type State } from './read-state.ts'
import { listBrokenPromises } from './verdict.ts'

export interface Blow {
  readonly moment: Moment
  /**
   * `freeze`: stopped past its leases while, where there are several machines, another takes over; then woken.
   * `relay`: the same, and the other is killed while the sleeper lets go of what is no longer its own.
   */
  readonly kind: 'kill' | 'freeze' | 'relay'
}

export interface BlowReport {
  readonly aim: string
  readonly kind: Blow['kind']
  readonly victim: string
  /** Empty when the moment never came. */
  readonly hits: readonly string[]
  readonly sight: string
  /** Since the round began. */
  readonly atMs: number
}

type Struck = Omit<BlowReport, 'atMs'>

export interface RoundReport {
  readonly mode: Mode
  readonly blows: readonly BlowReport[]
  /** Broken promises; empty is what is wanted. */
  readonly broken: readonly string[]
  readonly wallMs: number
}

export interface RoundOptions {
  readonly mode: Mode
  readonly blows: readonly Blow[]
  readonly random: Random
  readonly film: string
  readonly clips: ClipCount
  readonly onBlow?: (report: BlowReport) => void
}

const LOOK_MS = 20
/** Everything that was interrupted has come round many times over by then. */
const MOMENT_MS_MAX = 90_000
const END_MS_MAX = 180_000
const ORPHAN_MS_MAX = 3_000

export async function playRound(options: RoundOptions): Promise<RoundReport> {
  const startedMs = performance.now()
  await using installation = await openInstallation(options.mode)
  const round = new Round(installation, options, await startJob(installation, options))
  const blows = await round.strikeAll()
  await round.finish()
  const broken = [...round.broken, ...(await listBrokenPromises(installation, round.job))]
  return { mode: options.mode, blows, broken, wallMs: Math.round(performance.now() - startedMs) }
}

class Round {
  readonly job: Job
  readonly broken: string[] = []
  readonly #at: Installation
  readonly #options: RoundOptions
  readonly #startedMs = performance.now()

  constructor(installation: Installation, options: RoundOptions, job: Job) {
    this.#at = installation
    this.#options = options
    this.job = job
  }

  async strikeAll(): Promise<BlowReport[]> {
    const reports: BlowReport[] = []
    for (const { moment, kind } of this.#options.blows) {
      const victim = this.#chooseVictim(moment)
      const isThere = await this.#await(moment, victim)
      const atMs = Math.round(performance.now() - this.#startedMs)
      const struck = !isThere
        ? { aim: moment.name, kind, victim, hits: [], sight: 'the moment did not come' }
        : kind === 'kill'
          ? await this.#kill(moment, victim)
          : await this.#freeze({ moment, kind }, victim)
      reports.push({ ...struck, atMs })
      this.#options.onBlow?.({ ...struck, atMs })
    }
    return reports
  }

  /** The operator answers whatever is asked until the task ends. */
  async finish(): Promise<void> {
    await eventually(
      async () => {
        const state = await this.#read()
        if (state.asked > 0) await approveNext(this.#at, this.job)
        return isEnded(state)
      },
      { withinMs: END_MS_MAX, everyMs: 100 },
    ).catch(async () => {
      const sight = { ...(await this.#read()), mediaTools: 0 }
      this.broken.push(`the task did not finish: ${describeSight(sight)}`)
    })
  }

  #read(): Promise<State> {
    return readState(this.#at.db, this.#at.tenantId, this.job.taskId)
  }

  #chooseVictim(moment: Moment): string {
    if (this.#at.mode === 'embedded') return 'daemon'
    if (moment.isAnswering) return 'api'
    const names = ['worker', 'api', 'scheduler']
    const isAny = moment.isNow({ ...NOTHING })
    return (isAny && names[Math.floor(this.#options.random.next() * names.length)]) || 'worker'
  }

  /** False when the task ends before the moment comes, or nothing moves towards it any more. */
  async #await(moment: Moment, victim: string): Promise<boolean> {
    const outcome = await eventually(
      async () => {
        const state = await this.#read()
        if (isEnded(state)) return 'missed' as const
        if (moment.isNow(this.#look(state, victim))) return 'come' as const
        if (!moment.isBeforeApproval && isQuiet(state)) {
          if (state.asked === 0 && state.phase === 'answering') return 'missed' as const
          if (state.asked > 0) await approveNext(this.#at, this.job)
        }
        if (moment.isBeforeApproval && state.asked > 0) return 'missed' as const
        return false
      },
      { withinMs: MOMENT_MS_MAX, everyMs: LOOK_MS },
    ).catch(() => 'missed' as const)
    if (outcome === 'missed') return false
    if (moment.isAnswering) {
      approveNext(this.#at, this.job).catch((error: unknown) => {
        this.broken.push(`an answer under way when the daemon died was refused: ${error}`)
      })
    }
    await pass(this.#options.random.next() * moment.delayMs)
    return true
  }

  #look(state: State, victim: string): Sight {
    const isRendering = state.tools.includes('render-clip')
    return { ...state, mediaTools: isRendering ? this.#listMediaTools(victim).length : 0 }
  }

  #listMediaTools(victim: string): number[] {
    return listChildren(this.#at.fleet.pidOf(victim))
      .filter(isMediaTool)
      .map(({ pid }) => pid)
  }

  async #kill(moment: Moment, victim: string): Promise<Struck> {
    const { fleet, members } = this.#at
    const children = this.#listMediaTools(victim)
    await fleet.kill(victim)
    const sight: Sight = { ...(await this.#read()), mediaTools: children.length }
    await this.#awaitGone(children)
    const member = members[victim]
    if (member) await fleet.start(victim, member)
    return report(moment, 'kill', victim, sight)
  }

  async #awaitGone(children: readonly number[]): Promise<void> {
    const left = () =>
      listProcesses(this.#at.dataDir).filter((one) => children.includes(one.pid) && isMediaTool(one))
    await eventually(() => left().length === 0, { withinMs: ORPHAN_MS_MAX }).catch(() => {
      this.broken.push(`children outlived their daemon: ${left().map(({ command }) => command.slice(0, 80))}`)
    })
  }

  /** One machine alone sleeps past its leases and goes on; with two, the other does the work and the sleeper writes nothing. */
  async #freeze({ moment, kind }: Blow, victim: string): Promise<Struck> {
    const { fleet, members } = this.#at
    const mediaTools = this.#listMediaTools(victim).length
    fleet.freeze(victim)
    const sight: Sight = { ...(await this.#read()), mediaTools }
    if (!members.relief) {
      await pass(1.5 * LEASE_MS)
      fleet.thaw(victim)
    } else {
      await fleet.start('relief', members.relief)
      await (kind === 'relay' ? this.#relay(victim) : this.#relieve(moment, victim))
    }
    return report(moment, kind, victim, sight)
  }

  async #relieve(moment: Moment, victim: string): Promise<void> {
    const { fleet, db, tenantId } = this.#at
    const before = await this.#awaitStill()
    fleet.thaw(victim)
    await pass(2 * LEASE_MS)
    const after = await readTraces(db, tenantId, this.job.taskId)
    if (before !== after) this.broken.push(`frozen at "${moment.name}", the ${victim} wrote after it woke`)
    await fleet.stop('relief')
  }

  async #relay(victim: string): Promise<void> {
    const { fleet } = this.#at
    await eventually(() => this.#listMediaTools('relief').length > 0, { withinMs: MOMENT_MS_MAX }).catch(
      () => {
        this.broken.push('the second worker did not take the rendering over')
      },
    )
    fleet.thaw(victim)
    await pass(LEASE_MS)
    await fleet.kill('relief')
  }

  /** Resolves with all traces of the task once nothing moves any more without a person. */
  async #awaitStill(): Promise<string> {
    let last = ''
    return eventually(
      async () => {
        const state = await this.#read()
        const traces = await readTraces(this.#at.db, this.#at.tenantId, this.job.taskId)
        const isStill = traces === last && isQuiet(state) && (isEnded(state) || state.asked > 0)
        last = traces
        return isStill ? traces : undefined
      },
      { withinMs: MOMENT_MS_MAX, everyMs: LEASE_MS / 2 },
    ).catch(() => {
      this.broken.push('the second worker did not take the work over')
      return last
    })
  }
}

const NOTHING: Sight = {
  status: 'running',
  phase: 'planning',
  outcome: null,
  steps: [],
  tools: [],
  intents: [],
  asked: 0,
  mediaTools: 0,
}

/** No act is on its way. */
const isQuiet = ({ intents }: State): boolean =>
  intents.every(
    ({ state }) => !['scheduled', 'claimed', 'armed', 'sent', 'accepted', 'unknown'].includes(state),
  )

const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const report = (moment: Moment, kind: Blow['kind'], victim: string, sight: Sight): Struck => ({
  aim: moment.name,
  kind,
  victim,
  hits: judgeHit(sight),
  sight: describeSight(sight),
})
