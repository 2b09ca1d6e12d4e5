/** Whose call it is: bearer header, `access_token` or `Authorization: OAuth`, with the optional proof of the app secret. */
import { timingSafeEqual } from 'node:crypto'
import { hmacSha256Hex } from '../../../core/digest.ts'
import type { Account, Token, TokenDeath } from '../../accounts.ts'
import type { WireRequest } from '../../wire.ts'
import type { World } from '../../world.ts'
import type { RawParameters } from './parameters.ts'
import { GRAPH_PROBLEMS, type GraphProblem, GraphRefusal } from './refusal.ts'

export interface Caller {
  account: Account
  token: Token
}

export const TOKEN_PROBLEMS: Record<TokenDeath, GraphProblem> = {
  'app-removed': GRAPH_PROBLEMS.tokenAppRemoved,
  checkpoint: GRAPH_PROBLEMS.tokenCheckpoint,
  'password-changed': GRAPH_PROBLEMS.tokenPassword,
  expired: GRAPH_PROBLEMS.tokenExpired,
  unconfirmed: GRAPH_PROBLEMS.tokenUnconfirmed,
  invalid: GRAPH_PROBLEMS.tokenInvalid,
}

export function authenticate(
  { accounts, clock }: World,
  network: string,
  request: WireRequest,
  parameters: RawParameters,
): Caller {
  const header = /^(?:Bearer|OAuth) (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  const text = header ?? parameters.get('access_token')
  if (text === undefined) throw new GraphRefusal(GRAPH_PROBLEMS.noToken)
  const token = accounts.findToken(text)
  if (token?.network !== network) throw new GraphRefusal(GRAPH_PROBLEMS.notAToken)
  if (token.death) throw new GraphRefusal(TOKEN_PROBLEMS[token.death])
  if (token.expiresBusinessMs <= clock.nowMs()) throw new GraphRefusal(GRAPH_PROBLEMS.tokenExpired)
  const account = accounts.get(network, token.accountId)
  checkProof(account, token, parameters.get('appsecret_proof'))
  return { account, token }
}

function checkProof({ settings }: Account, { token }: Token, proof: string | undefined): void {
  if (proof === undefined || settings.appSecret === undefined) return
  const expected = Buffer.from(hmacSha256Hex(settings.appSecret, token))
  const given = Buffer.from(proof)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new GraphRefusal(GRAPH_PROBLEMS.invalidProof)
  }
}
