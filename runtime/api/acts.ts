/** What people do to acts, as the routes need it. `runtime/effects` does it; here it gets its words for the wire. */
import type { Database } from '../../db/open.ts'
import { lockPolicy, setAccountStatus } from '../../db/queries/effects-targets.ts'
import { readAccount, readApproval, readBrand, readPost, readPublication } from '../../db/queries/pages.ts'
import type { Cause, IntentReply } from '../core/effect.ts'
import type { Approval } from '../core/entities.ts'
import { StakazoError } from '../core/errors.ts'
import { TRUST } from '../core/trust.ts'
import { approve, edit, reject } from '../effects/approvals.ts'
import type { EffectPorts } from '../effects/effect-ports.ts'
import { intend } from '../effects/gateway.ts'
import {
  freezeBrand,
  pauseTenant,
  resumeAccount,
  resumeTenant,
  thawBrand,
  writePolicy,
} from '../effects/hold.ts'
import { Policy } from '../effects/policy.ts'
import { settleAct } from '../effects/settle-act.ts'
import { withdrawTask } from '../effects/withdraw.ts'
import { cancelTask } from '../runs/cancel-task.ts'

export interface PersonAnswer {
  readonly id: string
  /** Hash of what the person saw. */
  readonly hash: string
  readonly by: string
  readonly areRightsConfirmed?: boolean
}

export interface PostEdit {
  caption?: string
  altText?: string
  hashtags?: string[]
}

export interface SettledWord {
  isPosted: boolean
  by: string
  url?: string
}

export type PauseTarget =
  | { kind: 'all' }
  | { kind: 'account'; accountId: string }
  | { kind: 'agent'; agent: string }

const RIGHTS = { copyrightConfirmed: true, termsAccepted: true } as const
const rightsOf = ({ areRightsConfirmed }: PersonAnswer) => (areRightsConfirmed ? RIGHTS : undefined)
const toAnswer = ({ id, hash, by }: PersonAnswer) => ({ approvalId: id, hash, by })

/** A person asked; nothing they read could have put words into their mouth. */
const PERSON: Cause = { agent: 'owner', trust: TRUST.owner }

export type Acts = ReturnType<typeof openActs>

export function openActs(effects: EffectPorts, database: Database) {
  const { clock, world } = effects
  const approval = (tenantId: string, id: string): Promise<Approval> =>
    database.tenant(tenantId, (tx) => readApproval(tx, id))
  return {
    async approve(tenantId: string, answer: PersonAnswer): Promise<Approval> {
      await approve(effects, tenantId, toAnswer(answer), rightsOf(answer))
      return await approval(tenantId, answer.id)
    },
    async reject(tenantId: string, answer: PersonAnswer & { reason: string }): Promise<Approval> {
      await reject(effects, tenantId, toAnswer(answer), answer.reason)
      return await approval(tenantId, answer.id)
    },
    /** Changes the content and approves exactly that. */
    async edit(tenantId: string, answer: PersonAnswer & { change: PostEdit }): Promise<Approval> {
      await edit(effects, tenantId, toAnswer(answer), answer.change, rightsOf(answer))
      return await approval(tenantId, answer.id)
    },
    async undo(tenantId: string, publicationId: string): Promise<IntentReply> {
      const brandId = await database.tenant(tenantId, async (tx) => {
        const { postId } = await readPublication(tx, publicationId)
        return (await readPost(tx, postId)).brandId
      })
      const target = { kind: 'publication' as const, id: publicationId }
      return await intend(effects, tenantId, brandId, { verb: 'delete-post', target }, PERSON)
    },
    async pause(tenantId: string, by: string, target: PauseTarget, reason: string): Promise<void> {
      if (target.kind === 'all') return await pauseTenant(effects, tenantId, by, reason)
      if (target.kind === 'agent') return await limitAgent(effects, tenantId, by, target.agent, 'observe')
      await database.tenant(tenantId, async (tx) => {
        await readAccount(tx, target.accountId)
        await lockPolicy(tx)
        await setAccountStatus(tx, target.accountId, { status: 'paused', pausedReason: reason })
        const payload = { by, accountId: target.accountId, reason }
        tx.emit({ type: 'account.paused', subjectId: target.accountId, payload })
        tx.record({ kind: 'account.paused', subjectId: target.accountId, body: payload })
      })
    },
    async resume(tenantId: string, by: string, target: PauseTarget): Promise<void> {
      if (target.kind === 'all') await resumeTenant(effects, tenantId, by)
      else if (target.kind === 'agent') await limitAgent(effects, tenantId, by, target.agent, undefined)
      else {
        await database.tenant(tenantId, (tx) => readAccount(tx, target.accountId))
        await resumeAccount(effects, tenantId, target.accountId, by)
      }
    },
    async freeze(tenantId: string, brandId: string, by: string, reason: string): Promise<void> {
      await database.tenant(tenantId, (tx) => readBrand(tx, brandId))
      await freezeBrand(effects, tenantId, brandId, by, reason)
    },
    async thaw(tenantId: string, brandId: string, by: string): Promise<void> {
      await database.tenant(tenantId, (tx) => readBrand(tx, brandId))
      await thawBrand(effects, tenantId, brandId, by)
    },
    /** A person looked at the platform and says what became of a publication nobody could tell of. */
    async settle(tenantId: string, publicationId: string, word: SettledWord): Promise<void> {
      const { intentId, state } = await database.tenant(tenantId, (tx) => readPublication(tx, publicationId))
      if (intentId === null) {
        throw new StakazoError(
          'conflict',
          `publication ${publicationId} is ${state}; nothing about it is unclear`,
        )
      }
      await settleAct(effects, tenantId, intentId, word)
    },
    cancelTask: (tenantId: string, taskId: string, reason: string): Promise<void> =>
      cancelTask(
        {
          db: database,
          clock,
          world,
          cancelActs: (tx, id, because) => withdrawTask(tx, clock, id, because),
        },
        tenantId,
        taskId,
        reason,
      ),
  }
}

/** A paused agent is one that may only observe; `undefined` gives it back what the policy allows everybody. */
const limitAgent = (
  effects: EffectPorts,
  tenantId: string,
  by: string,
  agent: string,
  rung: 'observe' | undefined,
): Promise<void> =>
  effects.db.tenant(tenantId, async (tx) => {
    const policy = Policy.parse(await lockPolicy(tx))
    const { [agent]: _, ...others } = policy.agents
    const agents = rung === undefined ? others : { ...others, [agent]: rung }
    await writePolicy(tx, effects, { ...policy, agents }, by)
  })
