/** A small world behind the tools for playbooks: two brands, one film, and answers that follow from what was asked. */

import { sha256Hex } from '../../runtime/core/digest.ts'
import type { Brand, Review } from '../../runtime/core/entities.ts'
import { reviewVoice } from '../../tools/brand/review-voice.ts'
import { reviewPost } from '../../tools/compliance/review-post.ts'
import type { Answer } from './run-playbook.ts'

/** The same id for the same name, so that a second run meets the first. */
export function idOf(name: string): string {
  const hex = sha256Hex(name)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const plainVoice: Brand['voice'] = {
  tone: [],
  uses: [],
  avoids: [],
  hashtags: [],
  emoji: 'few',
  address: 'informal',
  maxSentenceWords: 22,
  approved: [],
  rejected: [],
  signOff: '',
}

export function makeBrand(
  change: Partial<Omit<Brand, 'voice'>> & { voice?: Partial<Brand['voice']> } = {},
): Brand {
  const { voice, ...rest } = change
  return {
    id: idOf(rest.name ?? 'brand'),
    name: 'Marea Records',
    language: 'en',
    zone: 'Europe/Madrid',
    goals: [],
    competitors: [],
    facts: {},
    isFrozen: false,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...rest,
    voice: { ...plainVoice, ...voice },
  }
}

export const marea = makeBrand({
  name: 'Marea Records',
  facts: { artist: 'Luna Vidal', release: 'Sal', 'release date': '5 December' },
  voice: {
    tone: ['energetic'],
    uses: ['turn the tide'],
    avoids: ['cheap'],
    hashtags: ['#marea', '#salalbum'],
    signOff: 'Stay salty.',
  },
})
export const casa = makeBrand({
  name: 'Casa Olmo',
  language: 'es',
  facts: { colección: 'Otoño', tienda: 'Calle Mayor 3' },
  voice: {
    tone: ['elegante'],
    uses: ['hecho a mano'],
    avoids: ['barato'],
    hashtags: ['#casaolmo'],
    emoji: 'none',
    address: 'formal',
    signOff: 'Casa Olmo, desde 1962.',
  },
})

interface StoredPost {
  caption: string
  altText: string
  hashtags: string[]
  language: string
}

const INFO = {
  durationMs: 90_000,
  width: 1920,
  height: 1080,
  fps: 25,
  hasAudio: true,
  videoCodec: 'h264',
  audioCodec: 'aac',
  pixelFormat: 'yuv420p',
  bitDepth: 8,
  isHdr: false,
  isVariableRate: false,
  rotation: 0,
  container: 'mp4',
  bytes: 1_000_000,
}

export interface Studio {
  answers: Record<string, Answer>
  posts: Map<string, StoredPost>
}

/** `sees` is what a describing model would say of a clip; by default nobody can see. */
export function openStudio(brand: Brand, sees: { description?: string } = {}): Studio {
  const posts = new Map<string, StoredPost>()
  const reviewOf =
    (by: Review['by']) =>
    (args: Record<string, unknown>): Review => {
      const post = posts.get(String(args.postId))
      if (!post) throw new TypeError(`no post ${String(args.postId)}`)
      if (by === 'brand-voice') return reviewVoice(post, brand, undefined)
      return reviewPost({ post, brand, rights: null, preflight: [], options: [], written: undefined })
    }
  const answers: Record<string, Answer> = {
    'read-brand': () => brand,
    'probe-video': () => INFO,
    'find-highlights': ({ assetId, count, ordinalFrom }) => ({
      clips: Array.from({ length: Number(count) }, (_, index) => ({
        clipId: idOf(`${String(assetId)}/${Number(ordinalFrom) + index}`),
        ordinal: Number(ordinalFrom) + index,
        startMs: 5_000 + index * 25_000,
        endMs: 23_000 + index * 26_000,
        score: 0.8 - index / 10,
      })),
    }),
    'render-clip': ({ clipId, formats }) => ({
      renditions: (formats as string[]).map((format) => ({
        renditionId: idOf(`${String(clipId)}/${format}`),
        format,
        width: 1080,
        height: 1920,
        durationMs: 20_000,
        bytes: 2_000_000,
        reframe: 'center-crop',
        loudnessLufs: -14,
        truePeakDbtp: -1.5,
      })),
    }),
    'describe-clip': () => sees,
    'draft-post': ({ clipId, caption, altText, hashtags, language, accountIds }) => {
      const postId = idOf(`post of ${String(clipId)}`)
      posts.set(postId, { caption, altText, hashtags, language } as StoredPost)
      const publications = (accountIds as string[]).map((accountId) => ({
        publicationId: idOf(`${postId}@${accountId}`),
        accountId,
        network: 'instagram',
      }))
      return { postId, version: 1, publications }
    },
    'revise-post': ({ postId, ...change }, nth) => {
      const known = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      posts.set(String(postId), {
        caption: '',
        altText: 'x',
        hashtags: [],
        language: 'en',
        ...posts.get(String(postId)),
        ...known,
      })
      return { postId, version: 2 + nth }
    },
    'check-voice': reviewOf('brand-voice'),
    'check-post': reviewOf('compliance'),
  }
  return { answers, posts }
}
