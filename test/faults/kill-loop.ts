/** Rounds of kills: what is struck when, over which installations, and the table of what was hit. */
import { join } from 'node:path'
import type { Random } from '../../runtime/core/random.ts'
import { openMediaBinaries } from '../../tools/media/engine/binaries.ts'
import { makeSampleFilm } from '../../tools/media/engine/sample-film.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { isServedUp, type Mode } from './installation.ts'
import { type Blow, type BlowReport, playRound, type RoundReport } from './kill-round.ts'
import { MOMENTS } from './moments.ts'

export interface KillLoopOptions {
  readonly rounds: number
  readonly modes: readonly Mode[]
  readonly random: Random
  /** `short`: one kill of each state that matters, for the suite. */
  readonly script?: 'full' | 'short'
  readonly say: (line: string) => void
}

export interface KillLoopReport {
  readonly rounds: readonly RoundReport[]
  readonly hits: Readonly<Record<string, number>>
  readonly broken: readonly string[]
}

const kill = (name: keyof typeof MOMENTS): Blow => ({ moment: MOMENTS[name], kind: 'kill' })
const freeze = (name: keyof typeof MOMENTS): Blow => ({ moment: MOMENTS[name], kind: 'freeze' })
const relay = (name: keyof typeof MOMENTS): Blow => ({ moment: MOMENTS[name], kind: 'relay' })

/** Two by two the same for both ways to stand. The first kills more, the second freezes as well. */
const SCRIPTS: readonly (readonly Blow[])[] = [
  [
    ...[kill('planned'), kill('rendering'), kill('rendering'), kill('answering')],
    ...[kill('armed'), kill('sent'), kill('accepted'), kill('armed'), kill('late'), freeze('sent')],
  ],
  [
    ...[kill('early'), kill('rendering'), relay('rendering'), kill('asked')],
    ...[kill('armed'), kill('sent'), freeze('armed'), kill('sent'), kill('late')],
  ],
]

const SHORT: readonly Blow[] = [kill('rendering'), kill('armed'), kill('sent')]

/** The clips just fit, and render in a few seconds. */
const FILM_MS = { full: 14_000, short: 9_000 } as const

export async function runKillLoop(options: KillLoopOptions): Promise<KillLoopReport> {
  const { rounds, modes, random, script = 'full', say } = options
  const scripts = script === 'full' ? SCRIPTS : [SHORT]
  using directory = temporaryDirectory('faults-film')
  const film = join(directory.path, 'film.mp4')
  await makeSampleFilm(await openMediaBinaries(), { path: film, durationMs: FILM_MS[script] })
  const reports: RoundReport[] = []
  for (let number = 0; number < rounds; number += 1) {
    const mode = modes[number % modes.length] ?? 'embedded'
    const blows = scripts[Math.floor(number / modes.length) % scripts.length] ?? []
    say(`\nround ${number + 1}, ${mode}`)
    const onBlow = (blow: BlowReport) => say(row(blow))
    const report = await playRound({ mode, blows, random, film, clips: script === 'full' ? 3 : 2, onBlow })
    reports.push(report)
    for (const promise of report.broken) say(`  BROKEN   ${promise}`)
    say(
      `  ${report.broken.length === 0 ? 'all promises held' : 'promises were broken'}, ${seconds(report)} s`,
    )
  }
  const hits: Record<string, number> = {}
  for (const hit of reports.flatMap((one) => one.blows.flatMap((blow) => blow.hits))) {
    hits[hit] = (hits[hit] ?? 0) + 1
  }
  return { rounds: reports, hits, broken: reports.flatMap(({ broken }) => broken) }
}

/** The ways to stand that can be tried here; what is left out is said. */
export async function chooseModes(wanted: readonly Mode[], say: (line: string) => void): Promise<Mode[]> {
  if (!wanted.includes('served') || (await isServedUp())) return [...wanted]
  say('served: skipped, Postgres at TEST_DATABASE_URL or Redis at TEST_REDIS_URL does not answer')
  return wanted.filter((mode) => mode !== 'served')
}

const seconds = ({ wallMs }: RoundReport) => (wallMs / 1_000).toFixed(0)

const row = ({ kind, victim, aim, hits, sight, atMs }: BlowReport) =>
  `  ${`${(atMs / 1_000).toFixed(1)} s`.padStart(8)}  ${kind.padEnd(7)} ${victim.padEnd(10)} ${aim.padEnd(20)} ${(hits.join(' + ') || '–').padEnd(36)} ${sight}`
