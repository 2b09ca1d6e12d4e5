import { ROLES } from '../../core/agent.ts'
import type { Asset } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import { askPerson, getPending, sendDecision, showApproval } from '../answer-approval.ts'
import type { ApiClient, ApiEvent } from '../api-client.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT, exitCodeOfTask } from '../exit-codes.ts'
import { findBrand } from '../find-brand.ts'
import { answerText, followTask, type TaskView } from '../follow-task.ts'
import { onInterrupt } from '../on-interrupt.ts'

interface AskOptions {
  agent?: string
  brand?: string
  thread?: string
  attach?: string[]
  detach?: boolean
}

export const askCommand = () =>
  command(
    'ask <task>',
    'give the orchestrator a task, follow it live',
    'stakazo ask "Cut film.mp4 into two clips" --attach film.mp4',
  )
    .option('--agent <role>', 'ask one role alone')
    .option('--brand <name or id>', 'which brand; needed when there are several')
    .option('--thread <id>', 'go on in a conversation')
    .option('--attach <file...>', 'films to upload with it')
    .option('--detach', 'print the task and return at once')
    .action(act(ask))

async function ask(cli: Cli, message: string, options: AskOptions) {
  const { screen } = cli
  if (options.agent && !ROLES.some((role) => role === options.agent)) {
    throw new StakazoError('bad-input', `there is no agent "${options.agent}"; there are ${ROLES.join(', ')}`)
  }
  const client = await cli.connect()
  const brand = await findBrand(client, options.brand)
  const attachments: string[] = []
  for (const file of options.attach ?? []) {
    const asset = await client.upload(file, { brandId: brand.id }, (done) =>
      screen.progress(`  upload ${Math.round(done * 100)} %`),
    )
    attachments.push((asset satisfies Asset).id)
  }
  const task = await client.send<TaskView>('POST', '/v1/tasks', {
    message,
    brandId: brand.id,
    threadId: options.thread,
    agent: options.agent,
    ...(attachments.length > 0 ? { attachments } : {}),
  })
  screen.line(screen.style('dim', `task ${task.id}  thread ${task.threadId}`))
  if (options.detach) {
    if (screen.isJson) screen.json(task)
    return EXIT.done
  }
  return await follow(cli, client, task.id)
}

async function follow({ screen }: Cli, client: ApiClient, taskId: string) {
  using interrupt = onInterrupt()
  const view = await followTask(client, screen, taskId, {
    signal: interrupt.signal,
    onEvent: (event) => answerEvent(client, screen, event, interrupt.signal),
  })
  if (interrupt.signal.aborted) {
    screen.line(`you left; the task goes on. Stop it: stakazo cancel ${taskId}`)
    return EXIT.waiting
  }
  if (screen.isJson) screen.json(view)
  const words = answerText(view)
  if (words) screen.line(`\n${words}`)
  if (view.status === 'interrupted') screen.line('it waits for you: stakazo approve')
  return exitCodeOfTask(view)
}

/** On a terminal the question is put at once; elsewhere the command leaves and says so by its exit code. */
async function answerEvent(client: ApiClient, screen: Cli['screen'], event: ApiEvent, signal: AbortSignal) {
  if (event.type !== 'approval.asked') return undefined
  const approval = await getPending(client, String(event.payload.approvalId)).catch((error: unknown) => {
    if (error instanceof StakazoError && error.code === 'approval-closed') return undefined
    throw error
  })
  if (!approval) return undefined
  showApproval(screen, approval)
  if (!screen.isInteractive) return 'leave' as const
  const decision = await askPerson(screen, approval, signal)
  if (decision.kind === 'later') return 'leave' as const
  await sendDecision(client, approval, decision, undefined)
  return undefined
}
