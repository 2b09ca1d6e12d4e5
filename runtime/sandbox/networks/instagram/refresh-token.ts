/** `GET /refresh_access_token`: a token at least 24 hours old and still alive buys another 60 days. */
import { DAY } from '../../../core/clock.ts'
import type { Token } from '../../accounts.ts'
import type { WireReply } from '../../wire.ts'
import { parseParameters } from '../graph/parameters.ts'
import { GraphRefusal } from '../graph/refusal.ts'
import { type Call, NETWORK, ok } from './context.ts'
import { PARAMETERS } from './contract.ts'
import { IG } from './problems.ts'

const LIFE_MS = 60 * DAY

export function refreshToken({ ig, parameters, account, request }: Call, token: Token): WireReply {
  parseParameters(PARAMETERS.refreshToken, parameters)
  const { clock, accounts, store, witness } = ig.world
  if (clock.nowMs() - token.issuedBusinessMs < DAY) {
    throw new GraphRefusal(IG.permission, '(#10) The token must be at least 24 hours old to be refreshed')
  }
  return store.transaction(() => {
    const fresh = accounts.addToken(NETWORK, account.id, LIFE_MS)
    witness.append({ kind: 'token', network: NETWORK, requestId: request.requestId, accountId: account.id })
    return ok({
      access_token: fresh.token,
      token_type: 'bearer',
      expires_in: LIFE_MS / 1000,
      permissions:
        'instagram_business_basic,instagram_business_content_publish,instagram_business_manage_comments,instagram_business_manage_insights',
    })
  })
}
