/** Shows a question and gives an answer back by id and hash: the same way for a person and for an operator's `--yes`. */
import { z } from 'zod'
import { instantMs } from '../core/clock.ts'
import type { Approval } from '../core/entities.ts'
import { StakazoError } from '../core/errors.ts'
import type { ApiClient } from './api-client.ts'
import type { Screen } from './screen.ts'

export type Decision =
  | { kind: 'approve' }
  | { kind: 'reject'; reason: string }
  | { kind: 'edit'; caption: string }
  | { kind: 'later' }

/** Only what is shown; the rest of the question belongs to whoever asked. */
const Question = z.object({
  brand: z.string().catch(''),
  account: z
    .object({ username: z.string(), network: z.string(), world: z.string() })
    .catch({ username: '?', network: '?', world: '?' }),
  clip: z.object({ ordinal: z.number(), startMs: z.number(), endMs: z.number() }).nullable().catch(null),
  rendition: z.object({ id: z.string(), format: z.string() }).nullable().catch(null),
  caption: z.string().catch(''),
  altText: z.string().catch(''),
  choices: z.record(z.string(), z.unknown()).catch({}),
  when: z.string().catch(''),
  zone: z.string().catch('UTC'),
  costMicros: z.number().catch(0),
  needsRights: z.boolean().catch(false),
  verdict: z.object({ sentence: z.string() }).catch({ sentence: '' }),
  asker: z.object({ agent: z.string() }).catch({ agent: '?' }),
})

export function showApproval(screen: Screen, approval: Approval): void {
  const asked = Question.parse(approval.question)
  const { account, clip } = asked
  screen.line()
  screen.line(
    `${screen.style('yellow', '?')} ${screen.style('bold', `publish on ${account.network} as ${account.username}`)} (${account.world}), asked by ${asked.asker.agent}`,
  )
  if (clip)
    screen.line(
      `  clip ${clip.ordinal}   ${seconds(clip.startMs)}–${seconds(clip.endMs)}  ${asked.rendition?.format ?? ''}`,
    )
  for (const line of asked.caption.split('\n')) screen.line(`  ${screen.style('cyan', '│')} ${line}`)
  if (asked.altText) screen.line(screen.style('dim', `  alt text: ${asked.altText}`))
  const choices = Object.entries(asked.choices).map(([name, value]) => `${name}=${String(value)}`)
  if (choices.length > 0) screen.line(screen.style('dim', `  choices: ${choices.join(', ')}`))
  screen.line(
    screen.style('dim', `  when: ${showTime(asked.when, asked.zone)}   why asked: ${asked.verdict.sentence}`),
  )
  screen.line(screen.style('dim', `  id ${approval.id}  hash ${approval.hash.slice(0, 16)}…`))
}

export const needsRights = (approval: Approval): boolean => Question.parse(approval.question).needsRights

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

export function showTime(instant: string, zone: string): string {
  if (instant === '') return 'now'
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: zone })
  return `${format.format(instantMs(instant))} ${zone}`
}

/** y, n with a reason, e with a new caption, or later. */
export async function askPerson(screen: Screen, approval: Approval, signal?: AbortSignal): Promise<Decision> {
  if (needsRights(approval)) {
    screen.line('  yes also means: I confirm that I hold the rights to this film, and I accept the terms.')
  }
  for (;;) {
    const answer = (await screen.ask('  publish it? [y]es, [n]o, [e]dit, [l]ater: ', signal)).toLowerCase()
    if (['y', 'yes', 's', 'si', 'sí'].includes(answer)) return { kind: 'approve' }
    if (['l', 'later', ''].includes(answer)) return { kind: 'later' }
    if (['n', 'no'].includes(answer)) {
      const reason = await screen.ask('  why not? the agent reads this: ', signal)
      if (reason) return { kind: 'reject', reason }
    }
    if (['e', 'edit'].includes(answer)) {
      const caption = await screen.ask('  new caption: ', signal)
      if (caption) return { kind: 'edit', caption: caption.replaceAll('\\n', '\n') }
    }
  }
}

/** Sends an answer by id and hash. Throws `approval-mismatch` when something changed since it was shown. */
export async function sendDecision(
  client: ApiClient,
  approval: Approval,
  decision: Exclude<Decision, { kind: 'later' }>,
  by: string | undefined,
): Promise<Approval> {
  const answer = { hash: approval.hash, ...(by ? { by } : {}) }
  const confirmations = needsRights(approval)
    ? { confirmations: { copyrightConfirmed: true, termsAccepted: true } }
    : {}
  const path = `/v1/approvals/${approval.id}`
  switch (decision.kind) {
    case 'approve':
      return await client.send('POST', `${path}/approve`, { ...answer, ...confirmations })
    case 'reject':
      return await client.send('POST', `${path}/reject`, { ...answer, reason: decision.reason })
    case 'edit': {
      const change = { caption: decision.caption }
      return await client.send('POST', `${path}/edit`, { ...answer, ...confirmations, change })
    }
  }
}

export async function listPending(client: ApiClient, taskId?: string): Promise<Approval[]> {
  const { items } = await client.get<{ items: Approval[] }>('/v1/approvals', {
    status: 'pending',
    taskId,
    limit: 200,
  })
  return items.reverse()
}

export async function getPending(client: ApiClient, id: string): Promise<Approval> {
  const approval = await client.get<Approval>(`/v1/approvals/${id}`)
  if (approval.status === 'pending') return approval
  throw new StakazoError('approval-closed', `the question is ${approval.status}`)
}
