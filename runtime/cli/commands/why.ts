import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { showWhy, type WhyView } from '../show-why.ts'

export const whyCommand = () =>
  command('why <id>', 'every step, tool call and decision behind one effect', 'stakazo why 019a…').action(
    act(why),
  )

async function why({ screen, connect }: Cli, id: string) {
  const client = await connect()
  const view = await client.get<WhyView>(`/v1/why/${id}`)
  if (screen.isJson) screen.json(view)
  showWhy(screen, view)
  return EXIT.done
}
