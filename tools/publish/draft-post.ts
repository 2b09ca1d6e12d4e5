import { z } from 'zod'
import { instantMs, isInstant, toInstant } from '../../runtime/core/clock.ts'
import { type Account, Language, Network } from '../../runtime/core/entities.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { assertAccepted, preflightPost } from './preflight-post.ts'
import { toHashtags } from './to-hashtags.ts'

export const Caption = z.string().max(10_000).describe('The text, without the hashtags given separately.')
export const AltText = z
  .string()
  .max(2_000)
  .describe('What a person who cannot see the film needs to know; only what was measured, seen or supplied.')
export const Hashtags = z.array(z.string().max(100)).max(60).describe('With or without #.')

export const When = z
  .string()
  .refine(isInstant, 'an ISO instant with its zone, such as 2026-11-20T18:00:00+01:00')
  .transform((text) => toInstant(instantMs(text)))
  .describe('ISO instant with zone.')

export const draftPost = defineTool({
  name: 'draft-post',
  does: 'Write one post about a rendered clip and prepare it for one or more accounts. Nothing is published: publish-post or schedule-post does that with a publicationId from the answer. The rules of each network are checked first and named when broken. To change a drafted post use revise-post.',
  effect: { kind: 'record' },
  input: z.object({
    clipId: z.uuid(),
    renditionId: z.uuid().describe('A rendition of that clip in the format the accounts want.'),
    caption: Caption,
    altText: AltText,
    hashtags: Hashtags.default([]),
    language: Language.describe('Language of the caption, such as es.'),
    accountIds: z.array(z.uuid()).min(1).max(20).describe('Linked accounts of the brand.'),
    dueAt: When.optional().describe('When it should appear; leave out for as soon as it is published.'),
    options: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("The network's own choices, such as shareToFeed; leave out unless asked."),
  }),
  output: z.object({
    postId: z.uuid(),
    version: z.int(),
    publications: z.array(z.object({ publicationId: z.uuid(), accountId: z.uuid(), network: Network })),
  }),
  yields: 'clean',
  async run({ accountIds, dueAt, options, ...content }, { store }) {
    const fresh = { ...content, hashtags: toHashtags(content.hashtags) }
    const accounts = chooseAccounts(await store.listAccounts(), accountIds)
    const rendition = await store.getRendition(fresh.renditionId)
    assertAccepted(
      preflightPost(
        fresh,
        rendition,
        accounts.map(({ network }) => ({ network, options })),
      ),
    )
    const post = await store.savePost(fresh)
    const publications = []
    for (const account of accounts) {
      const drafted = await store.draftPublication({
        postId: post.id,
        accountId: account.id,
        options,
        ...(dueAt ? { dueAt } : {}),
      })
      publications.push({ publicationId: drafted.id, accountId: account.id, network: account.network })
    }
    return { postId: post.id, version: post.version, publications }
  },
})

function chooseAccounts(linked: readonly Account[], ids: readonly string[]): Account[] {
  return [...new Set(ids)].map((id) => {
    const account = linked.find((each) => each.id === id)
    if (!account) throw new StakazoError('not-found', `there is no account ${id} of this brand`)
    return account
  })
}
