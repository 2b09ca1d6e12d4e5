/** What a person sees before saying yes: everything that leads to the hash the answer carries, and what the rules said. */
import type { Instant } from '../core/clock.ts'
import type { Cause } from '../core/effect.ts'
import type { EffectPorts } from './effect-ports.ts'
import type { Decision } from './policy.ts'
import type { ActTarget } from './verbs/act-verb.ts'

export function toQuestion(
  ports: Pick<EffectPorts, 'linkOf'>,
  tenantId: string,
  asked: {
    target: ActTarget
    hash: string
    when: Instant
    decision: Decision
    cause: Omit<Cause, 'trust'>
    trust: number
  },
): Record<string, unknown> {
  const { target, hash, when, decision, cause, trust } = asked
  const { kind, sentence, rules } = decision
  return {
    ...target.shown,
    ...links(ports, tenantId, target.shown),
    when,
    zone: target.brand.zone,
    costMicros: target.costMicros,
    verdict: { kind, sentence, rules },
    needsRights: !target.areRightsConfirmed,
    asker: {
      agent: cause.agent ?? 'owner',
      reasoning: cause.reasoning ?? null,
      taskId: cause.taskId ?? null,
      trust,
    },
    hash,
  }
}

/** Film and cover as addresses, where the runtime has some. */
function links(
  { linkOf }: Pick<EffectPorts, 'linkOf'>,
  tenantId: string,
  { rendition }: Record<string, unknown>,
) {
  if (!linkOf || rendition === null || typeof rendition !== 'object') return {}
  const { sha256, coverSha256 } = rendition as { sha256?: unknown; coverSha256?: unknown }
  return {
    ...(typeof sha256 === 'string' ? { film: linkOf(tenantId, sha256) } : {}),
    ...(typeof coverSha256 === 'string' ? { cover: linkOf(tenantId, coverSha256) } : {}),
  }
}
