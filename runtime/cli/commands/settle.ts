import { StakazoError } from '../../core/errors.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

interface SettleOptions {
  posted?: boolean
  notPosted?: boolean
  at?: string
}

export const settleCommand = () =>
  command(
    'settle <id>',
    'say what you found where the runtime could not tell',
    'stakazo settle 019a… --posted',
  )
    .option('--posted', 'it is on the platform')
    .option('--not-posted', 'it is not')
    .option('--at <url>', 'where it is')
    .action(act(settle))

async function settle({ screen, connect }: Cli, id: string, { posted, notPosted, at }: SettleOptions) {
  if (posted === notPosted) throw new StakazoError('bad-input', 'give --posted or --not-posted')
  const client = await connect()
  await client.send('POST', `/v1/publications/${id}/settle`, {
    posted: posted === true,
    ...(at ? { url: at } : {}),
  })
  if (screen.isJson) screen.json({ settled: id, posted: posted === true })
  screen.line(`recorded: ${posted ? 'it is there' : 'it is not there'}`)
  return EXIT.done
}
