/** What agents.yaml may say. Every key is optional; code holds the defaults, and agents.yaml can only lower a ceiling. */
import { z } from 'zod'
import { ROLES, TIERS } from '../core/agent.ts'
import { MINUTE } from '../core/clock.ts'
import { Autonomy } from '../core/effect.ts'
import { Network } from '../core/entities.ts'
import { Policy } from '../effects/policy.ts'

export const PROVIDERS = ['openai', 'anthropic', 'google'] as const
export type Provider = (typeof PROVIDERS)[number]

const ModelLink = z
  .string()
  .regex(/^(openai|anthropic|google):\S+$|^playbook$/, {
    error: 'a link is openai:<model>, anthropic:<model>, google:<model> or playbook',
  })
  .describe('openai:<model>, anthropic:<model>, google:<model> or playbook (the agent’s own rules)')

const Link = z
  .string()
  .regex(/^(openai|anthropic|google):\S+$|^none$/, { error: 'it is <provider>:<model> or none' })

const Chain = z.array(ModelLink).min(1).describe('Tried in order; a link without key is skipped')

const ModelPrice = z
  .strictObject({
    input: z.number().min(0),
    output: z.number().min(0),
    cachedInput: z.number().min(0).optional(),
    cacheWrite: z.number().min(0).optional(),
  })
  .describe('USD a million tokens; wins over the built-in price table')

const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])
export const Zone = z
  .string()
  .refine((zone) => zones.has(zone), { error: 'not an IANA time zone such as Europe/Madrid' })
  .describe('IANA time zone, e.g. Europe/Madrid')

const AgentOverride = z
  .strictObject({
    autonomy: Autonomy.optional().describe('observe < propose < act-if-asked < act; lowers the ceiling only'),
    tier: z.enum(TIERS).optional().describe('Which chain of models it uses'),
    limits: z
      .strictObject({
        turns: z.int().min(1).max(200).optional().describe('Model turns of one step'),
        costMicros: z.int().min(0).optional().describe('Millionths of a dollar one step may cost'),
        wallMs: z.int().min(1_000).optional().describe('Milliseconds one step may take'),
      })
      .optional(),
  })
  .describe('Overrides of one agent')

export const Cycle = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{1,47}$/, { error: 'a name is lower case letters, digits and hyphens' })
      .describe('Unique; appears in status and events'),
    cron: z.string().describe('Five fields: minute hour day month weekday'),
    zone: Zone.optional().describe('Time zone of the cron line; the brand’s own when absent'),
    message: z.string().min(1).max(4_000).describe('What is asked, as a person would write it'),
    agent: z.enum(ROLES).default('orchestrator').describe('Who is asked'),
    missed: z
      .enum(['skip', 'run-once'])
      .default('skip')
      .describe('After downtime: skip what was missed, or make up for it once'),
    enabled: z.boolean().default(true),
  })
  .describe('A task that starts itself, one at a time')
export type Cycle = z.infer<typeof Cycle>

export const Limits = z
  .strictObject({
    uploadBytes: z
      .int()
      .min(1)
      .default(4 * 1024 ** 3)
      .describe('Largest upload'),
    bodyBytes: z
      .int()
      .min(1_024)
      .default(1024 ** 2)
      .describe('Largest JSON body; a longer one is refused with 413'),
    importBytes: z
      .int()
      .min(1_024)
      .default(32 * 1024 ** 2)
      .describe('Largest file of metrics'),
    messageChars: z.int().min(1).default(20_000).describe('Longest task message'),
    jsonDepth: z.int().min(2).default(32).describe('Deepest nesting of a JSON body'),
    requestsPerHour: z.int().min(1).default(10_000).describe('Requests of one key'),
    tasksPerMinute: z.int().min(1).default(20).describe('Tasks of one key'),
    uploadsPerMinute: z.int().min(1).default(10).describe('Uploads of one key'),
    taskCostMicros: z
      .int()
      .min(0)
      .default(1_000_000)
      .describe('Millionths of a dollar the models of one task may cost'),
    modelDayMicros: z
      .int()
      .min(0)
      .default(5_000_000)
      .describe('Millionths of a dollar a tenant’s models may cost in 24 hours'),
    workers: z.int().min(1).max(64).default(3).describe('Runs at work at once in one process'),
    ffmpeg: z
      .int()
      .min(1)
      .max(32)
      .optional()
      .describe('ffmpeg processes at once; half the cores when absent'),
    taskWallMs: z
      .int()
      .min(MINUTE)
      .default(60 * MINUTE)
      .describe('Milliseconds a task may be at work'),
  })
  .describe('Limits of this process')

export const AgentsFile = z
  .strictObject({
    models: z
      .strictObject({
        tiers: z
          .strictObject({ fast: Chain.optional(), smart: Chain.optional(), creative: Chain.optional() })
          .optional(),
        embeddings: Link.optional().describe(
          '<provider>:<model> or none; the first provider that can, when absent',
        ),
        speech: Link.optional().describe(
          '<provider>:<model> or none; the first provider that can, when absent',
        ),
        prices: z.record(z.string().regex(/^(openai|anthropic|google):\S+$/), ModelPrice).optional(),
      })
      .optional()
      .describe('Which models answer for a tier'),
    agents: z.partialRecord(z.enum(ROLES), AgentOverride).optional().describe('Overrides by role'),
    cycles: z.array(Cycle).optional().describe('Tasks on a schedule'),
    policy: Policy.optional().describe(
      'Rules a new tenant starts with; its own are stored and changed by PUT /v1/policy',
    ),
    limits: Limits.partial().optional(),
    networks: z
      .array(Network)
      .optional()
      .describe('Networks this installation publishes on; all when absent'),
    store: z
      .strictObject({ shared: z.boolean().describe('True when every process sees the same directory') })
      .optional()
      .describe('The media store'),
  })
  .describe('Stakazo configuration')
export type AgentsFile = z.infer<typeof AgentsFile>
