import { momentOf } from '../words/moment.ts'
import type { PlanBrief } from './brief.ts'
import { phrase, stateOf } from './wording.ts'

/** How every publication of the conversation stands, a line each, newest task first. */
export function describeThread({ thread, accounts, brand }: PlanBrief, language: string): string {
  const lines = thread.flatMap((task) =>
    task.clips.flatMap((clip) =>
      clip.posts.flatMap((post) =>
        post.publications.map(({ accountId, state, dueAt, url }) => {
          const username = accounts.find((account) => account.accountId === accountId)?.username
          const when = dueAt && state !== 'verified' ? ` (${momentOf(dueAt, brand.zone, language)})` : ''
          const where = username ? ` @${username}` : ''
          return `Clip ${clip.ordinal}${where}: ${stateOf(state, language)}${when}${url ? ` ${url}` : ''}`
        }),
      ),
    ),
  )
  return lines.length > 0 ? lines.join('\n') : phrase('nothing-to-say', language)
}
