/** Networks that are not live and accounts the brand does not have, by name. */
import type { Reading } from './reading.ts'
import type { Refusal } from './refused.ts'
import { say } from './sentences.ts'
import type { UnderstandContext } from './understanding.ts'

export function refusePlaces(reading: Reading, context: UnderstandContext): Refusal[] {
  const { language } = reading
  const networks = reading.networks.flatMap(({ value }): Refusal[] =>
    value.isDenied || value.network.network
      ? []
      : [{ asked: value.network.name, because: say('network', language, value.network.name) }],
  )
  const accounts = reading.accounts.flatMap(({ value }): Refusal[] => {
    if (value.isDenied) return []
    const { username, accountId, status } = value.account
    if (!accountId) {
      const known = context.accounts.map((account) => `@${account.username}`).join(', ')
      return [{ asked: `@${username}`, because: say('account', language, known) }]
    }
    return status === 'active' ? [] : [{ asked: `@${username}`, because: say(status ?? 'paused', language) }]
  })
  const tongues = reading.tongues.flatMap(({ value }): Refusal[] =>
    value.tag === 'en' || value.tag === 'es'
      ? []
      : [{ asked: value.name, because: say('tongue', language, value.name) }],
  )
  return unique([...networks, ...accounts, ...tongues])
}

const unique = (refusals: readonly Refusal[]): Refusal[] => [
  ...new Map(refusals.map((refusal) => [refusal.asked, refusal])).values(),
]
