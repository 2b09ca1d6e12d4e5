/** An agent is data: a job description that the role loop runs. Logic lives in its tools and its playbook. */
import type { z } from 'zod'
import type { Autonomy } from './effect.ts'
import type { Playbook } from './playbook.ts'
import type { AnyTool } from './tool.ts'

export const ROLES = [
  'content-creator',
  'strategy',
  'analytics',
  'engagement',
  'monitor',
  'competitive-intelligence',
  'trend-hunter',
  'brand-voice',
  'crisis-manager',
  'growth-hacker',
  'report-generator',
  'defense',
  'learning',
  'compliance',
  'orchestrator',
] as const
export type Role = (typeof ROLES)[number]

/** A tier, never a vendor: agents.yaml maps it to a chain of models that ends in the playbook. */
export const TIERS = ['fast', 'smart', 'creative'] as const
export type Tier = (typeof TIERS)[number]

export interface AgentLimits {
  /** Model turns; one more ends the step with outcome `needs-more-steps`. */
  turns: number
  costMicros: number
  wallMs: number
}

export interface AgentDefinition<Brief = unknown, Report = unknown> {
  readonly role: Role
  readonly mission: string
  readonly tools: readonly AnyTool[]
  /** What it is handed; checked before its first turn. */
  readonly brief: z.ZodType<Brief>
  /** The only thing it can hand back. */
  readonly report: z.ZodType<Report>
  readonly tier: Tier
  readonly limits: AgentLimits
  /** The most it may ever do; agents.yaml and a tenant's policy can only lower it. */
  readonly ceiling: Autonomy
  readonly memory: { reads: readonly string[]; writes: readonly string[] }
  /** Absolute URL of prompt.md beside the definition. */
  readonly prompt: URL
  readonly playbook: Playbook<Brief, Report>
  /** One line for people from a finished report. */
  readonly headline: (report: Report) => string
}

/** Erases the type parameters so that fifteen different agents sit in one roster. */
export interface AnyAgent extends Omit<AgentDefinition, 'playbook' | 'headline' | 'brief' | 'report'> {
  readonly brief: z.ZodType
  readonly report: z.ZodType
  playbook(brief: unknown): ReturnType<Playbook<unknown, unknown>>
  headline(report: unknown): string
}

export const defineAgent = <Brief, Report>(definition: AgentDefinition<Brief, Report>): AnyAgent =>
  definition as unknown as AnyAgent
