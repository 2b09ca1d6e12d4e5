/** The commands, by hand and in the order a person meets them. */
import { Command, Help } from 'commander'
import { VERSION } from '../version.ts'
import { approveCommand } from './commands/approve.ts'
import { askCommand } from './commands/ask.ts'
import { cancelCommand } from './commands/cancel.ts'
import { connectCommand } from './commands/connect.ts'
import { demoCommand } from './commands/demo.ts'
import { doctorCommand } from './commands/doctor.ts'
import { importCommand } from './commands/import.ts'
import { initCommand } from './commands/init.ts'
import { ledgerCommand } from './commands/ledger.ts'
import { migrateCommand } from './commands/migrate.ts'
import { pauseCommand, resumeCommand } from './commands/pause.ts'
import { platformsCommand } from './commands/platforms.ts'
import { settleCommand } from './commands/settle.ts'
import { startCommand } from './commands/start.ts'
import { statusCommand } from './commands/status.ts'
import { stopCommand } from './commands/stop.ts'
import { undoCommand } from './commands/undo.ts'
import { whyCommand } from './commands/why.ts'

const MAKERS = [
  demoCommand,
  initCommand,
  connectCommand,
  startCommand,
  askCommand,
  approveCommand,
  statusCommand,
  whyCommand,
  pauseCommand,
  resumeCommand,
  undoCommand,
  cancelCommand,
  importCommand,
  settleCommand,
  ledgerCommand,
  platformsCommand,
  doctorCommand,
  migrateCommand,
  stopCommand,
]

const FOOT = `No setup? Data lives in ./data (embedded). Set DATABASE_URL or REDIS_URL to move out.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 waiting for a human, 4 stopped by policy.`

/** One screen: what to type, what it does, what every command takes, and where things live. */
function formatRoot(program: Command, help: Help): string {
  const rows = (pairs: (readonly [string, string])[]): string => {
    const width = Math.max(...pairs.map(([left]) => left.length)) + 3
    return pairs.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n')
  }
  const usageOf = (one: Command) => {
    const named = one.registeredArguments.map((each) =>
      each.required ? `<${each.name()}>` : `[${each.name()}]`,
    )
    return ['stakazo', one.name(), ...named]
  }
  const commands = program.commands.map((one) => [usageOf(one).join(' '), one.description()] as const)
  const options = help.visibleOptions(program).map((one) => [one.flags, one.description] as const)
  return `${[program.description(), rows(commands), rows(options), FOOT].join('\n\n')}\n`
}

export function buildProgram(): Command {
  const program = new Command('stakazo')
    .description("stakazo runs a brand's social media and ads with agents you can stop.")
    .version(VERSION, '--version', 'print the version')
    .option('--config <file>', 'default agents.yaml')
    .option('--data <dir>', 'data directory (STAKAZO_DATA)')
    .option('--url <url>', 'daemon to talk to (STAKAZO_URL)')
    .option('--key <key>', 'key to send (STAKAZO_API_KEY)')
    .option('--json', 'JSON on standard output, nothing else')
    .option('--debug', 'show stacks of errors')
    .helpOption('--help', 'on any command, with an example')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureHelp({ formatHelp: (command, help) => formatRoot(command, help) })
    .exitOverride()
  for (const make of MAKERS) {
    const command = make()
    command.copyInheritedSettings(program).configureHelp({ formatHelp: Help.prototype.formatHelp })
    program.addCommand(command)
  }
  return program
}
