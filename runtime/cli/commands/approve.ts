import type { Approval } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import {
  askPerson,
  type Decision,
  getPending,
  listPending,
  sendDecision,
  showApproval,
} from '../answer-approval.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

interface ApproveOptions {
  yes?: boolean
  reject?: string
  caption?: string
  by?: string
  hash?: string
}

export const approveCommand = () =>
  command('approve [id]', 'what is waiting for you; answer it', 'stakazo approve 019a… --yes')
    .option('--yes', 'approve exactly what is asked; confirms rights and terms where that is asked')
    .option('--reject <reason>', 'refuse; the agent reads the reason')
    .option('--caption <text>', 'change the caption and approve that')
    .option('--hash <hash>', 'answer only if the content still has this hash')
    .option('--by <name>', 'who decides')
    .action(act(approve))

async function approve({ screen, connect }: Cli, id: string | undefined, options: ApproveOptions) {
  const client = await connect()
  const given = readDecision(options)
  if (given && !id)
    throw new StakazoError('bad-input', 'say which approval you answer; `stakazo approve` lists them')
  const pending = id ? [await getPending(client, id)] : await listPending(client)
  if (screen.isJson && !given) screen.json({ items: pending })
  if (pending.length === 0) screen.line('nothing waits for you')
  const answered: Approval[] = []
  for (const approval of pending) {
    if (!(screen.isJson && given)) showApproval(screen, approval)
    const decision =
      given ?? (screen.isInteractive ? await askPerson(screen, approval) : ({ kind: 'later' } as const))
    if (decision.kind === 'later') continue
    const shown = options.hash ? { ...approval, hash: options.hash } : approval
    answered.push(await sendDecision(client, shown, decision, options.by))
    screen.line(`  ${screen.style('green', 'recorded')} ${answered.at(-1)?.status}`)
  }
  if (screen.isJson && given) screen.json({ items: answered })
  return answered.length < pending.length ? EXIT.waiting : EXIT.done
}

function readDecision({ yes, reject, caption }: ApproveOptions): Decision | undefined {
  const given: Decision[] = [
    ...(yes ? [{ kind: 'approve' } as const] : []),
    ...(reject === undefined ? [] : [{ kind: 'reject', reason: reject } as const]),
    ...(caption === undefined ? [] : [{ kind: 'edit', caption } as const]),
  ]
  if (given.length > 1) throw new StakazoError('bad-input', 'give one of --yes, --reject and --caption')
  return given[0]
}
