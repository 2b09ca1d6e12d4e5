import type { IntentReply } from '../../core/effect.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

export const undoCommand = () =>
  command('undo <id>', 'take an effect back where the platform allows', 'stakazo undo 019a…').action(
    act(undo),
  )

async function undo({ screen, connect }: Cli, id: string) {
  const client = await connect()
  const reply = await client.send<IntentReply>('POST', `/v1/publications/${id}/undo`)
  if (screen.isJson) screen.json(reply)
  screen.line(`${reply.state}: ${reply.verdict.sentence}`)
  if (reply.verdict.kind === 'deny') return EXIT.policy
  if (reply.approvalId) screen.line(`it waits for you: stakazo approve ${reply.approvalId}`)
  return reply.state === 'awaiting-approval' ? EXIT.waiting : EXIT.done
}
