import { systemClock } from '../../core/clock.ts'
import type { Publication } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import { askPerson, getPending, sendDecision, showApproval } from '../answer-approval.ts'
import { type ApiEvent, openApiClient } from '../api-client.ts'
import { assertReadable } from '../assert-readable.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { type DemoDaemon, startDemoDaemon } from '../demo/demo-daemon.ts'
import type { DemoOptions } from '../demo/demo-options.ts'
import { isSpanish } from '../demo/demo-options.ts'
import {
  awaitFigures,
  collectResult,
  type DemoResult,
  type DemoStage,
  showResult,
} from '../demo/demo-report.ts'
import { linkAccount, MESSAGES, makeBrand, uploadFilm } from '../demo/demo-scene.ts'
import { EXIT, type ExitCode, exitCodeOfTask } from '../exit-codes.ts'
import { answerText, followTask, type TaskView } from '../follow-task.ts'
import { onInterrupt } from '../on-interrupt.ts'
import { showWhy, type WhyView } from '../show-why.ts'

export const demoCommand = () =>
  command('demo [film]', 'try it: no keys, nothing leaves this machine', 'stakazo demo film.mp4 --yes')
    .option('--yes', 'a named operator answers the questions with yes, through the API')
    .option('--as <name>', 'the operator’s name', 'demo')
    .option('--lang <language>', 'en or es', 'en')
    .option('--brand <file>', 'your brand guide: JSON, YAML or Markdown')
    .option('--message <text>', 'what to ask instead')
    .option('--out <dir>', 'where the clips go', './demo-out')
    .option('--keep', 'leave the daemon running')
    .action(act(demo))

async function demo(cli: Cli, film: string | undefined, options: DemoOptions): Promise<ExitCode> {
  const { screen, shared } = cli
  for (const path of [film, options.brand]) if (path) await assertReadable(path)
  const startedMs = systemClock.elapsedMs()
  using interrupt = onInterrupt()
  const { signal } = interrupt
  screen.line('starting a daemon, its database and a sandbox network on this machine')
  try {
    await using daemon = await startDemoDaemon(shared, { isKept: options.keep === true, signal })
    screen.line(screen.style('dim', `daemon ${daemon.url}  sandbox ${daemon.sandboxUrl}`))
    const code = await perform(cli, daemon, film, options, signal)
    screen.line(screen.style('dim', `\n${((systemClock.elapsedMs() - startedMs) / 1_000).toFixed(0)} s`))
    if (options.keep) sayHowToGoOn(screen, daemon)
    return code
  } catch (error) {
    if (!signal.aborted) throw error
    screen.line('interrupted; daemon, sandbox and database are stopped')
    return EXIT.failed
  }
}

async function perform(
  { screen, resolve }: Cli,
  daemon: DemoDaemon,
  film: string | undefined,
  options: DemoOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const client = openApiClient(daemon)
  const brand = await makeBrand(client, options, film === undefined)
  const account = await linkAccount(client, daemon.sandboxUrl, brand)
  screen.line(
    `brand ${screen.style('bold', brand.name)} (${brand.language}) on ${account.network} as ${account.username}`,
  )
  const { config } = await resolve({ STAKAZO_MODE: 'sandbox' })
  const asset = await uploadFilm(client, screen, brand, {
    given: film,
    directory: daemon.dataDir,
    media: config.media,
    signal,
  })
  const { durationMs = 0, width, height } = asset.info ?? {}
  screen.line(`film  ${asset.name}, ${(durationMs / 1_000).toFixed(0)} s, ${width}×${height}`)
  const message = options.message ?? MESSAGES[isSpanish(options) ? 'es' : 'en']
  screen.line(`\n${screen.style('bold', '>')} ${message}\n`)
  const body = { message, brandId: brand.id, attachments: [asset.id] }
  const asked = await client.send<TaskView>('POST', '/v1/tasks', body)
  const stage: DemoStage = { client, screen, brand, sandboxUrl: daemon.sandboxUrl, signal }
  const task = await followTask(client, screen, asked.id, {
    signal,
    onEvent: (event) => answer(stage, options, event),
  })
  signal.throwIfAborted()
  const words = answerText(task)
  if (words) screen.line(`\n${words}`)
  return await report(stage, task, options)
}

/** On a terminal you are asked; with --yes, or where nobody can be asked, the named operator answers, visibly. */
async function answer(
  { client, screen, signal }: DemoStage,
  options: DemoOptions,
  event: ApiEvent,
): Promise<'leave' | undefined> {
  if (event.type !== 'approval.asked') return undefined
  const approval = await getPending(client, String(event.payload.approvalId)).catch((error: unknown) => {
    if (error instanceof StakazoError && error.code === 'approval-closed') return undefined
    throw error
  })
  if (!approval) return undefined
  showApproval(screen, approval)
  if (!options.yes && screen.isInteractive) {
    const decision = await askPerson(screen, approval, signal)
    if (decision.kind === 'later') return 'leave'
    await sendDecision(client, approval, decision, undefined)
    return undefined
  }
  const why = options.yes ? '--yes' : 'no terminal to ask on'
  screen.line(
    `  ${screen.style('yellow', `operator "${options.as}" answers yes (${why})`)}, by id and hash, confirming rights and terms`,
  )
  await sendDecision(client, approval, { kind: 'approve' }, options.as)
  return undefined
}

async function report(stage: DemoStage, task: TaskView, options: DemoOptions): Promise<ExitCode> {
  const { client, screen } = stage
  const points = await awaitFigures(stage, task.id)
  const result = await collectResult(stage, task, options.out)
  showResult(screen, result, points)
  const { items } = await client.get<{ items: Publication[] }>('/v1/publications', { taskId: task.id })
  const first = items.at(-1)
  if (first && !screen.isJson) {
    screen.line(`\n${screen.style('bold', 'why')} was ${first.network} publication ${first.id} made?`)
    showWhy(screen, await client.get<WhyView>(`/v1/why/${first.id}`))
  }
  if (screen.isJson) screen.json(result)
  return exitCodeOfDemo(task, result)
}

/** Green means: the task is done, whatever was to be published is confirmed, and the ledger holds. */
function exitCodeOfDemo(task: TaskView, { publications, ledger }: DemoResult): ExitCode {
  const code = exitCodeOfTask(task)
  if (code !== EXIT.done) return code
  const isAllLive = publications.every(({ state }) => ['verified', 'scheduled', 'draft'].includes(state))
  return isAllLive && ledger.verified ? EXIT.done : EXIT.failed
}

function sayHowToGoOn(screen: Cli['screen'], { url, key, sandboxUrl, dataDir }: DemoDaemon): void {
  screen.line(`\nthe daemon stays up (--keep)
  API        ${url}   reference ${url}/docs
  key        ${key}
  sandbox    ${sandboxUrl}
  commands   stakazo --data ${dataDir} status
  stop       stakazo --data ${dataDir} stop`)
}
