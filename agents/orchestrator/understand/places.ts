/** Where something shall go: networks and accounts, live or not. */
import { NETWORKS, type Network } from '../../../runtime/core/entities.ts'
import type { Field, Mention } from './field.ts'

/** Every network people name; those of `NETWORKS` are live, the rest are refused by name. */
const NAMES: readonly (readonly [string, RegExp])[] = [
  ['Instagram', /\b(?:instagram|insta|ig)\b/g],
  ['TikTok', /\btik ?toks?\b/g],
  ['YouTube', /\b(?:youtube|you tube|yt)(?: shorts?)?\b/g],
  ['Facebook', /\b(?:facebook|fb)\b/g],
  ['X', /\btwitter\b|\b(?:on|to|en|a|and|y) x\b(?! ?\d)/g],
  ['LinkedIn', /\blinked ?in\b/g],
  ['Pinterest', /\bpinterest\b/g],
  ['Threads', /\bthreads\b/g],
  ['Bluesky', /\bblue ?sky\b/g],
  ['Mastodon', /\bmastodon\b/g],
  ['Snapchat', /\bsnap ?chat\b/g],
  ['WhatsApp', /\bwhats ?app\b/g],
  ['Telegram', /\btelegram\b/g],
  ['Twitch', /\btwitch\b/g],
  ['Reddit', /\breddit\b/g],
  ['Discord', /\bdiscord\b/g],
  ['Vimeo', /\bvimeo\b/g],
  ['Spotify', /\b(?:on|to|en|a) spotify\b/g],
]

export interface NetworkMention {
  name: string
  /** Set when it is live. */
  network?: Network
}

export const takeNetworks = (field: Field): Mention<NetworkMention>[] =>
  NAMES.flatMap(([name, pattern]) =>
    field.take(pattern, () => ({ name, network: NETWORKS.find((live) => live === name.toLowerCase()) })),
  )

export interface AccountLike {
  accountId: string
  network: string
  username: string
  status: string
}

export interface AccountMention {
  username: string
  /** Set when the brand has it. */
  accountId?: string
  status?: string
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** `@name` always, a connected username also without the sign. */
export function takeAccounts(field: Field, accounts: readonly AccountLike[]): Mention<AccountMention>[] {
  const known = (username: string): AccountMention => {
    const account = accounts.find((row) => row.username.toLowerCase() === username)
    return account
      ? { username: account.username, accountId: account.accountId, status: account.status }
      : { username }
  }
  const signed = field.take(/(?<![\w.])@([a-z0-9._]{1,30}[a-z0-9_])/g, (match, at) =>
    isTagging(field.rest().slice(0, at)) ? undefined : known(match[1] ?? ''),
  )
  const bare = accounts
    .filter((account) => account.username.length > 3)
    .flatMap((account) =>
      field.take(new RegExp(`(?<![\\w.@])${escaped(account.username.toLowerCase())}(?![\\w])`, 'g'), () =>
        known(account.username.toLowerCase()),
      ),
    )
  return [...signed, ...bare]
}

/** "mention @maria" names somebody for the caption, not an account to post on. */
const isTagging = (before: string): boolean =>
  /\b(?:mention|mentioning|tag|tagging|credit|crediting|menciona(?:r|ndo)?|etiqueta(?:r|ndo)?|credita(?:r)?|citando a) (?:a )?$/.test(
    before,
  )

export const takeTags = (field: Field): string[] =>
  field
    .take(/(?<![\w.])@([a-z0-9._]{1,30}[a-z0-9_])/g, (match) => match[1])
    .map((mention) => `@${mention.value}`)
