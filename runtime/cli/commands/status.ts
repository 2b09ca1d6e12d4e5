import { formatMoney } from '../../core/money.ts'
import { showTime } from '../answer-approval.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

interface StatusView {
  mode: string
  paused: string | null
  agents: { agent: string; active: number }[]
  queue: Record<string, { waiting: number; active: number; delayed: number; dead: number }>
  spend: { dayMicros: number; dayMaxMicros: number; currency: string }
  nextCycles: { cycle: string; dueAt: string }[]
  figures: Record<string, number>
  troubles: string[]
}

export const statusCommand = () =>
  command('status', 'agents, queue, spend today, next cycles', 'stakazo status --json').action(act(status))

async function status({ screen, connect }: Cli) {
  const client = await connect()
  const seen = await client.get<StatusView>('/v1/status')
  if (screen.isJson) screen.json(seen)
  const active = seen.agents.filter((one) => one.active > 0).map(({ agent, active: n }) => `${agent} ×${n}`)
  const queue = Object.entries(seen.queue).map(
    ([kind, depth]) =>
      `${kind} ${depth.waiting}+${depth.active}${depth.dead > 0 ? ` (${depth.dead} dead)` : ''}`,
  )
  const money = (micros: number) => formatMoney({ micros, currency: seen.spend.currency })
  screen.line(
    `mode      ${seen.mode}${seen.paused ? screen.style('yellow', `  paused: ${seen.paused}`) : ''}`,
  )
  screen.line(`agents    ${active.join(', ') || 'idle'}`)
  screen.line(`queue     ${queue.join('  ')}  (waiting + at work)`)
  screen.line(`spend     ${money(seen.spend.dayMicros)} of ${money(seen.spend.dayMaxMicros)} in 24 hours`)
  screen.line(`approvals ${seen.figures['approvals.pending'] ?? 0} waiting for you`)
  const next = seen.nextCycles.slice(0, 3).map(({ cycle, dueAt }) => `${cycle} ${showTime(dueAt, 'UTC')}`)
  screen.line(`next      ${next.join(', ') || 'no cycle is enabled'}`)
  for (const trouble of seen.troubles) screen.warn(trouble)
  return seen.troubles.length > 0 ? EXIT.failed : EXIT.done
}
