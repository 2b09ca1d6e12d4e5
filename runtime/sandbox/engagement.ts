/**
 * Lets the audience happen: figures are computed when somebody looks, and comments that fell due since the last look
 * are written then. Nothing runs in the background, so a wound clock costs nothing and a kill loses nothing.
 */
import { seededRandom } from '../core/random.ts'
import type { Account, Accounts } from './accounts.ts'
import { type AudienceProfile, commentTimeMs, profileOf, type Tally, tallyAt } from './audience.ts'
import type { Comments } from './comments.ts'
import type { Publication } from './publications.ts'
import type { SandboxClock } from './sandbox-clock.ts'
import type { Store } from './store.ts'
import { type Sentiment, speak } from './voices.ts'

/** More than a moderator reads, few enough that a viral post stays cheap. */
const AUDIENCE_COMMENTS_MAX = 300

interface NewBoost {
  views: number
  likes: number
  comments: number
  sentiment: Sentiment
  durationMs: number
}

export interface Figures extends Tally {
  profile: AudienceProfile
  /** Comments that stand, the account's own and planted ones included. */
  commentsStanding: number
}

export interface Engagement {
  figures(publication: Publication): Figures
  /** Views and likes as they stood at an earlier business time, for daily series. */
  tallyAt(publication: Publication, businessMs: number): Tally
  /** Writes the comments that fell due. */
  settle(publication: Publication): void
  boost(publication: Publication, boost: NewBoost): void
}

interface Boost extends NewBoost {
  id: number
  fromBusinessMs: number
  commentsMade: number
}

export interface EngagementParts {
  store: Store
  clock: SandboxClock
  accounts: Accounts
  comments: Comments
}

export function openEngagement(parts: EngagementParts): Engagement {
  const { store, clock, accounts, comments } = parts
  const profile = (publication: Publication) =>
    profileFor(publication, accounts.get(publication.network, publication.accountId))
  const elapsedMs = ({ createdBusinessMs, createdWallMs }: Publication) =>
    clock.sinceMs({ businessMs: createdBusinessMs, wallMs: createdWallMs })
  const boosts = ({ seq }: Publication) => listBoosts(store, seq)

  const settle = (publication: Publication) => {
    const account = accounts.get(publication.network, publication.accountId)
    const audience = profile(publication)
    const now = clock.nowMs()
    const due = publication.isCommentEnabled
      ? Math.min(AUDIENCE_COMMENTS_MAX, tallyAt(audience, elapsedMs(publication)).comments)
      : publication.commentsMade
    const dueBoosts = boosts(publication).map((boost) => ({
      boost,
      due: Math.floor(boost.comments * progress(boost, now)),
    }))
    if (due <= publication.commentsMade && dueBoosts.every(({ boost, due }) => due <= boost.commentsMade))
      return
    const write = (nth: number, salt: number, businessMs: number, mood?: Sentiment) => {
      const random = seededRandom(Math.imul(publication.seed ^ salt, 0x9e3779b1) + nth)
      comments.add({
        network: publication.network,
        publicationSeq: publication.seq,
        createdBusinessMs: Math.min(now, Math.floor(businessMs)),
        ...speak(random, account.language, mood),
      })
    }
    store.transaction(() => {
      for (let nth = publication.commentsMade + 1; nth <= due; nth++) {
        write(nth, 0, publication.createdBusinessMs + commentTimeMs(audience, nth))
      }
      store.run(
        'UPDATE publication SET comments_made = ? WHERE seq = ?',
        Math.max(due, publication.commentsMade),
        publication.seq,
      )
      publication.commentsMade = Math.max(due, publication.commentsMade)
      for (const { boost, due: boostDue } of dueBoosts) {
        for (let nth = boost.commentsMade + 1; nth <= boostDue; nth++) {
          write(
            nth,
            boost.id,
            boost.fromBusinessMs + (boost.durationMs * nth) / boost.comments,
            boost.sentiment,
          )
        }
        store.run('UPDATE boost SET comments_made = ? WHERE id = ?', boostDue, boost.id)
      }
    })
  }

  return {
    settle,
    figures(publication) {
      settle(publication)
      const audience = profile(publication)
      return {
        ...withBoosts(tallyAt(audience, elapsedMs(publication)), boosts(publication), clock.nowMs()),
        profile: audience,
        commentsStanding: comments.count(publication.seq),
      }
    },
    tallyAt: (publication, businessMs) =>
      withBoosts(
        tallyAt(profile(publication), businessMs - publication.createdBusinessMs),
        boosts(publication),
        businessMs,
      ),
    boost: (publication, boost) => {
      store.run(
        `INSERT INTO boost (publication_seq, views, likes, comments, sentiment, from_business_ms, duration_ms)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        publication.seq,
        boost.views,
        boost.likes,
        boost.comments,
        boost.sentiment,
        clock.nowMs(),
        boost.durationMs,
      )
    },
  }
}

function profileFor(publication: Publication, account: Account): AudienceProfile {
  const film = publication.media[0]
  return profileOf({
    seed: publication.seed,
    followers: account.followers,
    zone: account.zone,
    kind: publication.kind,
    caption: publication.caption,
    publishedMs: publication.createdBusinessMs,
    durationMs: film?.durationMs,
    isVertical: (film?.height ?? 1) >= (film?.width ?? 0),
  })
}

function withBoosts(tally: Tally, boosts: Boost[], now: number): Tally {
  const sum = { ...tally }
  for (const boost of boosts) {
    const share = progress(boost, now)
    const views = Math.floor(boost.views * share)
    sum.views += views
    sum.reach += Math.floor(views * 0.8)
    sum.likes += Math.floor(boost.likes * share)
  }
  return sum
}

function progress({ fromBusinessMs, durationMs }: Boost, now: number): number {
  if (now < fromBusinessMs) return 0
  return durationMs === 0 ? 1 : Math.min(1, (now - fromBusinessMs) / durationMs)
}

const listBoosts = (store: Store, publicationSeq: number): Boost[] =>
  store.all('SELECT * FROM boost WHERE publication_seq = ?', publicationSeq).map((row) => ({
    id: Number(row.id),
    views: Number(row.views),
    likes: Number(row.likes),
    comments: Number(row.comments),
    sentiment: row.sentiment as Sentiment,
    fromBusinessMs: Number(row.from_business_ms),
    durationMs: Number(row.duration_ms),
    commentsMade: Number(row.comments_made),
  }))
