/** A task, live: one line for what each agent does, a bar while something is made, the answer at the end. */
import type { z } from 'zod'
import type { Task } from '../api/task-view.ts'
import type { ApiClient, ApiEvent } from './api-client.ts'
import { bar, type Screen, type Style } from './screen.ts'

export type TaskView = z.output<typeof Task>

export interface FollowOptions {
  readonly signal?: AbortSignal
  /** Called for each event after it was shown. Returning `leave` ends following, not the task. */
  readonly onEvent?: (event: ApiEvent) => Promise<'leave' | undefined>
}

/** Resolves with the task as it stands when its events end, or when `onEvent` leaves. */
export async function followTask(
  client: ApiClient,
  screen: Screen,
  taskId: string,
  { signal, onEvent }: FollowOptions = {},
): Promise<TaskView> {
  for await (const event of client.events(`/v1/tasks/${taskId}/events`, signal ? { signal } : {})) {
    showEvent(screen, event)
    if ((await onEvent?.(event)) === 'leave') break
  }
  return await client.get<TaskView>(`/v1/tasks/${taskId}`)
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function showEvent(screen: Screen, event: ApiEvent): void {
  if (event.type === 'tool.progress') {
    const { fraction, what } = event.payload
    screen.progress(`  ${(event.agent ?? '').padEnd(WIDTH)} ${bar(Number(fraction ?? 0))} ${text(what)}`)
    return
  }
  for (const line of describeEvent(screen, event)) screen.line(line)
}

const WIDTH = 16

/** Not every event is news to a person; those named here are. */
function describeEvent(screen: Screen, { type, agent, payload }: ApiEvent): string[] {
  const line = (style: Style, mark: string, who: string, words: string) => [
    `${screen.style(style, mark)} ${screen.style('bold', who.padEnd(WIDTH))} ${words}`,
  ]
  const who = agent ?? ''
  switch (type) {
    case 'plan.made':
      return describePlan(screen, payload)
    case 'step.started':
      return line('dim', '·', who, 'at work')
    case 'step.finished':
      return line('green', '✓', who, text(payload.headline))
    case 'step.failed':
      return line('red', '✗', who, text(payload.headline))
    case 'step.skipped':
      return line('dim', '–', who, text(payload.headline))
    case 'intent.armed':
      return line('dim', '→', 'publisher', 'sends it now')
    case 'intent.verified':
      return line(
        'green',
        '✓',
        'publisher',
        `${text(payload.verb)}: confirmed by the platform as ${text(payload.remoteId)}`,
      )
    case 'intent.failed':
    case 'intent.missed':
    case 'intent.unknown':
    case 'intent.held':
      return line('red', '!', 'publisher', `${type.slice('intent.'.length)}: ${text(payload.reason)}`)
    default:
      return []
  }
}

function describePlan(screen: Screen, { say, steps, refusals }: ApiEvent['payload']): string[] {
  const planned = Array.isArray(steps) ? (steps as { agent: string }[]) : []
  const refused = Array.isArray(refusals) ? (refusals as { asked: string; because: string }[]) : []
  return [
    `${screen.style('bold', 'plan')} ${planned.map(({ agent }) => agent).join(' → ')}`,
    ...(text(say) ? [screen.style('dim', `     ${text(say)}`)] : []),
    ...refused.map(({ asked, because }) => `${screen.style('yellow', 'not possible')} ${asked}: ${because}`),
  ]
}

/** The words of the answer, whatever else it carries. */
export function answerText({ answer, error }: Pick<TaskView, 'answer' | 'error'>): string {
  if (answer !== null && typeof answer === 'object' && 'text' in answer) return text(answer.text)
  return error ? `${error.code}: ${error.message}` : ''
}
