/**
 * `npm run faults -- [--rounds N] [--seed S] [--embedded] [--served] [--kills] [--matrix] [--json]`
 *
 * Kills: N rounds of the main job on fresh installations, embedded and served in turn, whose processes are killed and
 * frozen at aimed and random moments. Matrix: every way the network itself fails, once in random order. Both by default.
 * Prints what was hit and each broken promise; ends with 1 when there was one.
 */
import { parseArgs } from 'node:util'
import { seededRandom } from '../../runtime/core/random.ts'
import { chooseModes, type KillLoopReport, runKillLoop } from './kill-loop.ts'
import { type MatrixReport, runMatrix } from './run-matrix.ts'

/** Enough for five hits and more of each state that matters. */
const ROUNDS = 4
const HITS_MIN = { rendering: 5, 'armed → sent': 5, 'sent → accepted': 5 } as const

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: String(ROUNDS) },
    seed: { type: 'string', default: '1' },
    embedded: { type: 'boolean', default: false },
    served: { type: 'boolean', default: false },
    kills: { type: 'boolean', default: false },
    matrix: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const say = (line: string) => (values.json ? process.stderr : process.stdout).write(`${line}\n`)

async function kill(): Promise<KillLoopReport> {
  const isAny = values.embedded === values.served
  const wanted = [
    ...(isAny || values.embedded ? (['embedded'] as const) : []),
    ...(isAny || values.served ? (['served'] as const) : []),
  ]
  const modes = await chooseModes(wanted, say)
  const random = seededRandom(Number(values.seed))
  const report = await runKillLoop({ rounds: modes.length > 0 ? rounds : 0, modes, random, say })
  say(
    `\nhit by ${report.rounds.flatMap(({ blows }) => blows).filter(({ hits }) => hits.length > 0).length} blows:`,
  )
  for (const [name, count] of Object.entries(report.hits)) say(`  ${name.padEnd(20)} ${count}`)
  return report
}

/** A run of the usual length must have hit what it is for. */
const listMissing = ({ hits }: KillLoopReport): string[] =>
  rounds < ROUNDS
    ? []
    : Object.entries(HITS_MIN)
        .filter(([name, least]) => (hits[name] ?? 0) < least)
        .map(([name, least]) => `only ${hits[name] ?? 0} of ${least} hits in "${name}"`)

const isBoth = values.kills === values.matrix
const kills = isBoth || values.kills ? await kill() : undefined
const matrix: MatrixReport | undefined =
  isBoth || values.matrix
    ? await runMatrix(isBoth ? 1 : rounds, seededRandom(Number(values.seed)), say)
    : undefined
const broken = [
  ...(kills ? [...kills.broken, ...listMissing(kills)] : []),
  ...(matrix ? listMatrixFaults(matrix) : []),
]
for (const promise of broken) say(`BROKEN ${promise}`)
say(broken.length === 0 ? 'every promise held' : `${broken.length} promises were broken`)
if (values.json)
  process.stdout.write(`${JSON.stringify({ seed: Number(values.seed), kills, matrix, broken })}\n`)
if (broken.length > 0) process.exitCode = 1

function listMatrixFaults({ broken: promises, duplicates, open, isLedgerIntact }: MatrixReport): string[] {
  return [
    ...promises,
    ...(duplicates > 0 ? [`${duplicates} duplicates`] : []),
    ...(open > 0 ? [`${open} acts did not end as verified`] : []),
    ...(isLedgerIntact ? [] : ['the ledger does not verify']),
  ]
}
