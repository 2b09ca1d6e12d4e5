import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import type { Finding } from '../examine.ts'
import { EXIT } from '../exit-codes.ts'

export const doctorCommand = () =>
  command('doctor', 'what is here, what is missing, what to do', 'stakazo doctor --json').action(act(doctor))

const MARKS = { good: ['green', '✓'], fair: ['yellow', '!'], bad: ['red', '✗'] } as const

async function doctor({ screen, resolve }: Cli) {
  const { examine } = await import('../examine.ts')
  const findings: Finding[] = []
  for await (const finding of examine(await resolve())) {
    findings.push(finding)
    const [colour, mark] = MARKS[finding.state]
    screen.line(`${screen.style(colour, mark)} ${finding.what.padEnd(10)} ${finding.says}`)
    if (finding.advice) screen.line(`             ${screen.style('dim', finding.advice)}`)
  }
  const isWell = findings.every(({ state }) => state !== 'bad')
  if (screen.isJson) screen.json({ healthy: isWell, findings })
  return isWell ? EXIT.done : EXIT.failed
}
