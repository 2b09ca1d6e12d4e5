import type { Wish } from '../../content-creator/brief.ts'
import type { Lang } from '../../words/language.ts'
import { wishOf } from './follow-up-asks.ts'
import { readAll } from './reading.ts'
import { hasWish } from './wishes.ts'

const CONTEXT = { now: '1970-01-01T00:00:00.000Z', zone: 'UTC', accounts: [], hasThread: true }
/** Says that it shall not go out at all, which no other wording cures. */
const FINAL =
  /^(?:no|nope|never|nunca|not (?:now|this|ok)|rejected?|rechazad[oa])[.! ]*$|\b(?:do not|don'?t|never|no) (?:publish|post|publiques?|lo publiques|subas)\b|\b(?:cancel|cancela\w*|drop it|olvidal[oa]|descarta\w*)\b/

/** What a reason given with a "no" asks to change: undefined when it asks for an end, a new wording when it is vague. */
export function readWish(reason: string, language: Lang): Wish | undefined {
  const reading = readAll(reason, { ...CONTEXT, language })
  if (FINAL.test(reading.text)) return undefined
  const wish = wishOf(reading)
  return hasWish(wish) ? wish : { isNew: true }
}
