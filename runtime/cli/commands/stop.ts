import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

export const stopCommand = () =>
  command('stop', 'end the daemon, its sandbox and its database', 'stakazo stop').action(act(stop))

async function stop({ screen, resolve }: Cli) {
  const { stopAll } = await import('../stop-all.ts')
  const { config } = await resolve()
  const ended = await stopAll(config.dataDir, config.database === 'embedded')
  if (screen.isJson) screen.json(ended)
  const names = Object.entries(ended).flatMap(([name, value]) => (value ? [name] : []))
  screen.line(names.length > 0 ? `stopped: ${names.join(', ')}` : `nothing runs on ${config.dataDir}`)
  return EXIT.done
}
