/** What came of it: files, publications, figures, cost, and the proof. Everything is read back through the API. */
import { join, resolve } from 'node:path'
import { SECOND, systemClock } from '../../core/clock.ts'
import type { Approval, Brand, Clip, MetricPoint, Post, Publication, Rendition } from '../../core/entities.ts'
import { formatMoney } from '../../core/money.ts'
import type { ApiClient } from '../api-client.ts'
import type { LedgerProof } from '../commands/ledger.ts'
import type { TaskView } from '../follow-task.ts'
import type { Screen } from '../screen.ts'

export interface DemoResult {
  clips: { path: string; startMs: number; endMs: number; score: number; format: string; reframe: string }[]
  publications: {
    platform: string
    account: string
    state: string
    remoteId: string | null
    url: string | null
  }[]
  approvals: { id: string; status: string; by: string | null; hash: string }[]
  costMicros: number
  ledger: { events: number; verified: boolean }
}

interface List<T> {
  items: T[]
}

export interface DemoStage {
  client: ApiClient
  screen: Screen
  brand: Brand
  sandboxUrl: string
  signal: AbortSignal
}

/** The sandbox's audience takes a moment to look; its first figures are due after two seconds. */
const FIRST_FIGURES_MS_MAX = 45 * SECOND

export async function collectResult(stage: DemoStage, task: TaskView, out: string): Promise<DemoResult> {
  const { client } = stage
  const publications = await listPublications(client, task.id)
  const accounts = await client.get<List<{ id: string; username: string }>>('/v1/accounts', { limit: 200 })
  const approvals = await listOf<Approval>(client, '/v1/approvals', task.id)
  const proof = await client.get<LedgerProof>('/v1/ledger/verify')
  return {
    clips: await saveClips(client, task.id, out),
    publications: publications.map(({ network, accountId, state, remoteId, url }) => ({
      platform: network,
      account: accounts.items.find(({ id }) => id === accountId)?.username ?? accountId,
      state,
      remoteId,
      url: toSandboxPage(url, stage.sandboxUrl),
    })),
    approvals: approvals.map(({ id, status, decidedBy, hash }) => ({ id, status, by: decidedBy, hash })),
    costMicros: task.costMicros,
    ledger: { events: proof.events, verified: proof.verified },
  }
}

/** Oldest first. */
async function listOf<T>(client: ApiClient, path: string, taskId: string): Promise<T[]> {
  const { items } = await client.get<List<T>>(path, { taskId, limit: 200 })
  return items.reverse()
}

/** In the order of their clips. */
async function listPublications(client: ApiClient, taskId: string): Promise<Publication[]> {
  const publications = await listOf<Publication>(client, '/v1/publications', taskId)
  const posts = await listOf<Post>(client, '/v1/posts', taskId)
  const clips = await listOf<Clip>(client, '/v1/clips', taskId)
  const placeOf = ({ postId }: Publication): number => {
    const clipId = posts.find(({ id }) => id === postId)?.clipId
    return clips.find(({ id }) => id === clipId)?.ordinal ?? 0
  }
  return publications.sort((left, right) => placeOf(left) - placeOf(right))
}

async function saveClips(client: ApiClient, taskId: string, out: string): Promise<DemoResult['clips']> {
  const saved: DemoResult['clips'] = []
  const clips = (await listOf<Clip>(client, '/v1/clips', taskId)).sort(
    (left, right) => left.ordinal - right.ordinal,
  )
  for (const clip of clips) {
    const { items } = await client.get<List<Rendition>>('/v1/renditions', { clipId: clip.id })
    for (const { id, format, reframe } of items.reverse()) {
      const path = resolve(join(out, `clip-${clip.ordinal}-${format.replace(':', 'x')}.mp4`))
      await client.download(`/v1/renditions/${id}/content`, path)
      saved.push({ path, startMs: clip.startMs, endMs: clip.endMs, score: clip.score.total, format, reframe })
    }
  }
  return saved
}

/** `https://www.instagram.com/reel/x/` as the sandbox on this machine shows it. */
export function toSandboxPage(url: string | null, sandboxUrl: string): string | null {
  const parsed = url === null ? null : URL.parse(url)
  return parsed ? `${sandboxUrl}/${parsed.host}${parsed.pathname}${parsed.search}` : null
}

/** First values of what was published; empty when none came in time. */
export async function awaitFigures(
  { client, brand, screen, signal }: DemoStage,
  taskId: string,
): Promise<MetricPoint[]> {
  const publications = await listOf<Publication>(client, '/v1/publications', taskId)
  const live = publications.filter(({ state }) => state === 'verified')
  const deadlineMs = systemClock.elapsedMs() + FIRST_FIGURES_MS_MAX
  let points: MetricPoint[] = []
  while (live.length > 0 && systemClock.elapsedMs() < deadlineMs && !signal.aborted) {
    const { items } = await client.get<List<MetricPoint>>('/v1/metrics', { brandId: brand.id })
    points = items.filter(({ publicationId }) => live.some(({ id }) => id === publicationId))
    if (live.every(({ id }) => points.some(({ publicationId }) => publicationId === id))) break
    screen.progress('waiting for the first figures of the audience')
    await systemClock.sleep(SECOND / 2, signal).catch(() => undefined)
  }
  return points
}

export function showResult(screen: Screen, result: DemoResult, points: readonly MetricPoint[]): void {
  screen.line(`\n${screen.style('bold', 'report')}`)
  for (const { path, startMs, endMs, score, format, reframe } of result.clips) {
    const span = `${(startMs / 1_000).toFixed(1)}–${(endMs / 1_000).toFixed(1)} s`
    screen.line(`  clip         ${path}  ${span}  ${format}  score ${score.toFixed(2)}  ${reframe}`)
  }
  for (const { platform, account, state, url } of result.publications) {
    screen.line(`  publication  ${platform} ${account}  ${state}  ${url ?? ''}`)
  }
  const figures = sumUp(points).map(([metric, value]) => `${metric} ${value}`)
  screen.line(`  figures      ${figures.join(', ') || 'none came in time'}`)
  for (const { status, by, hash } of result.approvals) {
    screen.line(`  approval     ${status}${by ? ` by ${by}` : ''}  ${screen.style('dim', hash.slice(0, 16))}`)
  }
  screen.line(`  cost         ${formatMoney({ micros: result.costMicros, currency: 'USD' })} of models`)
  const { events, verified } = result.ledger
  screen.line(
    `  ledger       ${events} rows, ${verified ? 'every link holds' : screen.style('red', 'BROKEN')}`,
  )
}

/** Totals over the publications; an average is not added up but averaged. */
function sumUp(points: readonly MetricPoint[]): [metric: string, value: number][] {
  const values = Map.groupBy(newestPerSeries(points), ({ metric }) => metric)
  return [...values].map(([metric, series]) => {
    const sum = series.reduce((total, { value }) => total + value, 0)
    return [metric, metric.includes('avg') ? Math.round(sum / series.length) : sum]
  })
}

function newestPerSeries(points: readonly MetricPoint[]): MetricPoint[] {
  const newest = new Map<string, MetricPoint>()
  for (const point of points) newest.set(`${point.publicationId} ${point.metric}`, point)
  return [...newest.values()]
}
