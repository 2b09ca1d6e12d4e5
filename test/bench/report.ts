/** Results for people, for README and for programs. */
import { type Figure, ratioOf } from './benchmark.ts'
import type { Machine } from './machine.ts'

export interface Result {
  readonly name: string
  readonly does: string
  readonly wallMs: number
  readonly figures: readonly Figure[]
}

export function toText(machine: Machine, results: readonly Result[]): string {
  const blocks = results.map(({ name, does, figures }) => {
    const rows = figures.map((figure) => [figure.what, amount(figure), heldAgainst(figure), ratio(figure)])
    const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
    const lines = rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    return [`${name}: ${does}`, ...lines.map((line) => `  ${line}`)].join('\n')
  })
  return `${[headline(machine), ...blocks].join('\n\n')}\n`
}

export function toMarkdown(machine: Machine, results: readonly Result[]): string {
  const rows = results.flatMap(({ name, figures }) =>
    figures.map(
      (figure) =>
        `| ${name} | ${figure.what} | ${amount(figure)} | ${heldAgainst(figure)} | ${ratio(figure)} |`,
    ),
  )
  const head = ['| benchmark | what | measured | against | ratio |', '|---|---|---|---|---|']
  return `${[headline(machine), '', ...head, ...rows].join('\n')}\n`
}

const headline = ({ date, cores, cpu, memoryGb, system, node, load }: Machine): string =>
  `${date}, ${cores} cores (${cpu}), ${memoryGb} GB, ${system}, node ${node}, load ${load} before. Medians unless said.`

const amount = ({ value, unit }: Figure): string =>
  unit.startsWith('/') ? `${round(value)}${unit}` : `${round(value)} ${unit}`

function heldAgainst({ against, unit, note }: Figure): string {
  const said = against ? `${against.what}: ${amount({ what: '', value: against.value, unit })}` : ''
  return [said, note].filter(Boolean).join('; ')
}

function ratio(figure: Figure): string {
  const value = ratioOf(figure)
  return value === undefined ? '' : `${value.toFixed(2)}x`
}

/** Three significant digits; more would promise what a shared machine cannot keep. */
function round(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  const scale = 10 ** Math.min(3, digits)
  return (Math.round(value * scale) / scale).toLocaleString('en-US', { maximumFractionDigits: 3 })
}
