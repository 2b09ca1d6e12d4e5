/** A person looked at the account and says what became of an act nobody could tell of. */
import { getIntent } from '../../db/queries/effects-intents.ts'
import type { ActState } from '../core/effect.ts'
import { StakazoError } from '../core/errors.ts'
import type { EffectPorts } from './effect-ports.ts'
import { moveAct } from './move-act.ts'

const UNCLEAR: readonly ActState[] = ['failed', 'unknown']

/** Posted: it ends as verified. Not posted: it ends as failed, and the owner may ask for it anew. */
export async function settleAct(
  ports: EffectPorts,
  tenantId: string,
  intentId: string,
  word: { isPosted: boolean; by: string; url?: string },
): Promise<void> {
  await ports.db.tenant(tenantId, async (tx) => {
    const row = await getIntent(tx, intentId)
    if (row.unknownSince === null || !UNCLEAR.some((state) => state === row.state)) {
      throw new StakazoError('conflict', `the act is ${row.state}, and nothing about it is unclear`)
    }
    const facts = { settledBy: word.by }
    const said = word.isPosted ? 'it is there' : 'it is not there'
    await moveAct(tx, ports.clock, row, {
      from: UNCLEAR,
      to: word.isPosted ? 'verified' : 'failed',
      reason: `${word.by} looked: ${said}`,
      patch: { unknownSince: null },
      ...(word.isPosted ? { shown: { url: word.url ?? null, publishedAt: ports.clock.now() } } : {}),
      facts,
    })
  })
}
