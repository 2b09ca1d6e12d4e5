import { z } from 'zod'
import { readHealth } from '../../../db/queries/health.ts'
import { countActiveAgents, listNextCycles } from '../../../db/queries/next-cycles.ts'
import { readPolicy } from '../../../db/queries/policies.ts'
import { ROLES } from '../../core/agent.ts'
import { StakazoError } from '../../core/errors.ts'
import { Policy } from '../../effects/policy.ts'
import { VERSION } from '../../version.ts'
import type { PauseTarget } from '../acts.ts'
import { ownerScope } from '../owner-scope.ts'
import { defineRoute } from '../route.ts'
import { Done } from '../shapes.ts'

const NextCycle = z.object({ cycle: z.string(), brandId: z.string(), dueAt: z.string() })

const Status = z
  .object({
    version: z.string(),
    mode: z.enum(['sandbox', 'live']),
    now: z.string().describe('Business time'),
    paused: z.string().nullable().describe('Why everything is paused'),
    agents: z.array(z.object({ agent: z.string(), active: z.int() })),
    queue: z.record(z.string(), z.object({ waiting: z.int(), active: z.int(), dead: z.int() })),
    spend: z.object({ dayMicros: z.int(), dayMaxMicros: z.int(), currency: z.string() }),
    nextCycles: z.array(NextCycle),
    figures: z
      .record(z.string(), z.number())
      .describe('runs.running, publications.verified, approvals.pending, …'),
    troubles: z.array(z.string()),
  })
  .meta({ id: 'Status' })

const getStatus = defineRoute({
  method: 'get',
  path: '/v1/status',
  tag: 'control',
  summary: 'Agents, queue, spend today, next cycles',
  scope: 'read',
  answer: Status,
  async run(_, { ports, tenantId }) {
    const { clock, config, database } = ports
    const seen = await database.tenant(tenantId, async (tx) => ({
      figures: await readHealth(tx, ownerScope(tenantId, clock)),
      active: await countActiveAgents(tx),
      nextCycles: await listNextCycles(tx),
      policy: Policy.safeParse((await readPolicy(tx))?.body),
    }))
    return {
      version: VERSION,
      mode: config.mode,
      now: clock.now(),
      paused: seen.policy.success
        ? seen.policy.data.paused
        : 'the policy cannot be read, so every act is refused',
      agents: ROLES.map((agent) => ({ agent, active: seen.active[agent] ?? 0 })),
      queue: { ...(await ports.queueDepth()) },
      spend: {
        dayMicros: seen.figures['costDay.micros'] ?? 0,
        dayMaxMicros: config.limits.modelDayMicros,
        currency: 'USD',
      },
      nextCycles: seen.nextCycles,
      figures: seen.figures,
      troubles: await ports.listTroubles(),
    }
  },
})

const getCycles = defineRoute({
  method: 'get',
  path: '/v1/cycles',
  tag: 'control',
  summary: 'Tasks on a schedule and when each is next',
  scope: 'read',
  answer: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        cron: z.string(),
        zone: z.string().nullable().describe('null: the brand’s own'),
        agent: z.string(),
        message: z.string(),
        missed: z.string(),
        enabled: z.boolean(),
        next: z.array(NextCycle),
      }),
    ),
  }),
  async run(_, { ports, tenantId }) {
    const next = await ports.database.tenant(tenantId, (tx) => listNextCycles(tx, 1_000))
    const items = ports.config.cycles.map((cycle) => ({
      ...cycle,
      zone: cycle.zone ?? null,
      next: next.filter((one) => one.cycle === cycle.name),
    }))
    return { items }
  },
})

const Target = z.strictObject({
  agent: z.enum(ROLES).optional(),
  accountId: z.uuid().optional(),
  reason: z.string().min(1).max(500).optional(),
})

function toTarget({ agent, accountId }: z.output<typeof Target>): PauseTarget {
  if (agent && accountId) throw new StakazoError('bad-input', 'name an agent or an account, not both')
  if (agent) return { kind: 'agent', agent }
  return accountId ? { kind: 'account', accountId } : { kind: 'all' }
}

const pause = defineRoute({
  method: 'post',
  path: '/v1/pause',
  tag: 'control',
  summary: 'Stop acting now: everything, one agent or one account; reading goes on',
  scope: 'admin',
  body: Target,
  answer: Done,
  async run({ body }, { ports, principal, tenantId }) {
    const reason = body.reason ?? `paused by ${principal.keyName}`
    await ports.acts.pause(tenantId, principal.keyName, toTarget(body), reason)
    return { done: true as const }
  },
})

const resume = defineRoute({
  method: 'post',
  path: '/v1/resume',
  tag: 'control',
  summary: 'Act again',
  scope: 'admin',
  body: Target,
  answer: Done,
  async run({ body }, { ports, principal, tenantId }) {
    await ports.acts.resume(tenantId, principal.keyName, toTarget(body))
    return { done: true as const }
  },
})

export const statusRoutes = [getStatus, getCycles, pause, resume]
