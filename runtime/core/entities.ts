/**
 * The nouns (DESIGN section 2) as zod, once: types, the API's documents and the models' schemas derive from here.
 * Instants are ISO texts in UTC, durations milliseconds, money micros.
 */
import { z } from 'zod'
import { ActState, World } from './effect.ts'
import { Trust } from './trust.ts'

export const NETWORKS = ['instagram'] as const
export const Network = z.enum(NETWORKS)
export type Network = z.infer<typeof Network>

export const FORMATS = ['9:16', '1:1', '4:5', '16:9'] as const
export const Format = z.enum(FORMATS)
export type Format = z.infer<typeof Format>

/** Languages the playbooks write; models write any the brand names. */
export const Language = z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/)

/** How a brand speaks. Every field is read by brand-voice's arithmetic, so every one changes a verdict. */
export const Voice = z.object({
  tone: z.array(z.string()).default([]),
  /** Words and phrases the brand likes to use. */
  uses: z.array(z.string()).default([]),
  /** Words and phrases it never uses. */
  avoids: z.array(z.string()).default([]),
  hashtags: z.array(z.string()).default([]),
  emoji: z.enum(['none', 'few', 'many']).default('few'),
  /** Formal or informal address (usted or tú). */
  address: z.enum(['formal', 'informal']).default('informal'),
  maxSentenceWords: z.int().min(4).max(60).default(22),
  /** Captions the owner called right or wrong. */
  approved: z.array(z.string()).default([]),
  rejected: z.array(z.string()).default([]),
  /** A signature or call to action that ends a caption, when given. */
  signOff: z.string().default(''),
})
export type Voice = z.infer<typeof Voice>

export const Brand = z.object({
  id: z.uuid(),
  name: z.string(),
  language: Language,
  zone: z.string(),
  voice: Voice,
  goals: z.array(z.object({ metric: z.string(), target: z.number(), by: z.string().optional() })).default([]),
  competitors: z.array(z.string()).default([]),
  /** Facts the owner supplied (artist, release date, product): the only ones a caption may state. */
  facts: z.record(z.string(), z.string()).default({}),
  isFrozen: z.boolean().default(false),
  createdAt: z.string(),
})
export type Brand = z.infer<typeof Brand>

export const Account = z.object({
  id: z.uuid(),
  brandId: z.uuid(),
  network: Network,
  world: World,
  username: z.string(),
  remoteId: z.string(),
  status: z.enum(['active', 'reconnect', 'paused']),
  pausedReason: z.string().nullable(),
  createdAt: z.string(),
})
export type Account = z.infer<typeof Account>

export const Rights = z.object({
  copyrightConfirmed: z.boolean(),
  termsAccepted: z.boolean(),
  confirmedBy: z.string(),
  confirmedAt: z.string(),
})
export type Rights = z.infer<typeof Rights>

export const MediaInfo = z.object({
  durationMs: z.number(),
  width: z.int(),
  height: z.int(),
  fps: z.number(),
  hasAudio: z.boolean(),
  videoCodec: z.string(),
  audioCodec: z.string().nullable(),
  pixelFormat: z.string(),
  bitDepth: z.int(),
  isHdr: z.boolean(),
  isVariableRate: z.boolean(),
  rotation: z.int(),
  container: z.string(),
  bytes: z.int(),
})
export type MediaInfo = z.infer<typeof MediaInfo>

export const Asset = z.object({
  id: z.uuid(),
  brandId: z.uuid().nullable(),
  kind: z.enum(['video', 'image', 'audio']),
  /** The uploaded file's name: foreign text (trust 0), shown to people, never to a model. */
  name: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  info: MediaInfo.nullable(),
  rights: Rights.nullable(),
  trust: Trust,
  createdAt: z.string(),
})
export type Asset = z.infer<typeof Asset>

export const ClipScore = z.object({
  total: z.number(),
  sound: z.number(),
  motion: z.number(),
  cuts: z.number(),
  reasons: z.array(z.string()),
})
export type ClipScore = z.infer<typeof ClipScore>

export const Clip = z.object({
  id: z.uuid(),
  assetId: z.uuid(),
  taskId: z.uuid().nullable(),
  /** 1-based place in its task: what a person means by "clip 2". */
  ordinal: z.int(),
  startMs: z.int(),
  endMs: z.int(),
  score: ClipScore,
  /** The clip this one replaced ("shorten clip 2"). */
  supersedes: z.uuid().nullable(),
  isCurrent: z.boolean(),
  createdAt: z.string(),
})
export type Clip = z.infer<typeof Clip>

export const Rendition = z.object({
  id: z.uuid(),
  clipId: z.uuid(),
  format: Format,
  sha256: z.string(),
  coverSha256: z.string().nullable(),
  width: z.int(),
  height: z.int(),
  durationMs: z.number(),
  bytes: z.int(),
  reframe: z.string(),
  quality: z.enum(['draft', 'final']),
  loudnessLufs: z.number().nullable(),
  truePeakDbtp: z.number().nullable(),
  createdAt: z.string(),
})
export type Rendition = z.infer<typeof Rendition>

/** What a reviewer (brand voice, compliance) found in one version of a post. */
export const Review = z.object({
  by: z.enum(['brand-voice', 'compliance']),
  verdict: z.enum(['pass', 'revise', 'block']),
  score: z.number(),
  findings: z.array(z.object({ rule: z.string(), value: z.string(), limit: z.string(), fix: z.string() })),
})
export type Review = z.infer<typeof Review>

export const Post = z.object({
  id: z.uuid(),
  brandId: z.uuid(),
  taskId: z.uuid().nullable(),
  renditionId: z.uuid(),
  clipId: z.uuid(),
  caption: z.string(),
  altText: z.string(),
  hashtags: z.array(z.string()),
  language: Language,
  version: z.int(),
  trust: Trust,
  reviews: z.array(Review),
  createdBy: z.string(),
  createdAt: z.string(),
})
export type Post = z.infer<typeof Post>

export const Publication = z.object({
  id: z.uuid(),
  postId: z.uuid(),
  accountId: z.uuid(),
  network: Network,
  world: World,
  state: ActState,
  dueAt: z.string().nullable(),
  remoteId: z.string().nullable(),
  url: z.string().nullable(),
  intentId: z.uuid().nullable(),
  /** The network's own choices, such as `shareToFeed`. */
  options: z.record(z.string(), z.unknown()),
  reason: z.string().nullable(),
  publishedAt: z.string().nullable(),
  createdAt: z.string(),
})
export type Publication = z.infer<typeof Publication>

export const Approval = z.object({
  id: z.uuid(),
  intentId: z.uuid(),
  /** The hash an answer must carry back. */
  hash: z.string(),
  status: z.enum(['pending', 'approved', 'rejected', 'edited', 'expired', 'superseded', 'cancelled']),
  /** What a person needs to judge: clip, text, account, cost, the network's own choices, what the policy said. */
  question: z.record(z.string(), z.unknown()),
  askedAt: z.string(),
  expiresAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  reason: z.string().nullable(),
})
export type Approval = z.infer<typeof Approval>

/** One measured value of an account or publication. */
export const MetricPoint = z.object({
  accountId: z.uuid().nullable(),
  publicationId: z.uuid().nullable(),
  metric: z.string(),
  at: z.string(),
  value: z.number(),
  source: z.string(),
})
export type MetricPoint = z.infer<typeof MetricPoint>

/** What other people wrote under our posts; always foreign. */
export const Comment = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  publicationId: z.uuid().nullable(),
  remoteId: z.string(),
  author: z.string(),
  text: z.string(),
  at: z.string(),
  trust: z.literal(0),
})
export type Comment = z.infer<typeof Comment>

export const VaultItem = z.object({
  id: z.uuid(),
  folder: z.enum(['ml_features', 'audits', 'campaign_history', 'clips_metadata', 'orchestrator_runs']),
  /** `<entity>__YYYYMMDD__v<version>.json` */
  name: z.string(),
  entityType: z.string(),
  entityId: z.string(),
  version: z.int(),
  sha256: z.string(),
  featureHash: z.string(),
  source: z.string(),
  runId: z.uuid().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  trust: Trust,
  retainUntil: z.string(),
  createdAt: z.string(),
})
export type VaultItem = z.infer<typeof VaultItem>

export const Alert = z.object({
  id: z.uuid(),
  brandId: z.uuid().nullable(),
  kind: z.string(),
  severity: z.enum(['info', 'warning', 'critical']),
  message: z.string(),
  subject: z.record(z.string(), z.unknown()),
  at: z.string(),
  acknowledgedAt: z.string().nullable(),
})
export type Alert = z.infer<typeof Alert>
