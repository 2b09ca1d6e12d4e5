/** `stakazo …`: reads the line, runs one command, and turns whatever happened into an exit code and two clear lines. */
import { CommanderError } from 'commander'
import { ERRORS, fromUnknown } from '../core/errors.ts'
import { EXIT, exitCodeOf } from './exit-codes.ts'
import { buildProgram } from './program.ts'
import { openScreen } from './screen.ts'

export async function main(argv: readonly string[]): Promise<void> {
  const program = buildProgram()
  try {
    await program.parseAsync(argv)
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
      return
    }
    const { json, debug } = readFlags(argv)
    const known = fromUnknown(error)
    openScreen({ isJson: json, isDebug: debug }).fail(known, ERRORS[known.code].hint)
    process.exitCode = exitCodeOf(known.code)
  }
}

/** Known even when the line itself could not be read. */
const readFlags = (argv: readonly string[]) => ({
  json: argv.includes('--json'),
  debug: argv.includes('--debug'),
})
