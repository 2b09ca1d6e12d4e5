/** `POST /{ig-id}/media`: images are fetched before the answer, videos after it or by upload. */
import { captionHashOf, type PublishedMedia } from '../../publications.ts'
import type { WireReply } from '../../wire.ts'
import { parseParameters } from '../graph/parameters.ts'
import { GraphRefusal } from '../graph/refusal.ts'
import { checkContainer } from './check-container.ts'
import type { Container, NewContainer } from './containers.ts'
import { type Call, type Instagram, NETWORK, ok, versionOf } from './context.ts'
import { type ContainerParameters, LIMITS, type MediaType, PARAMETERS, UPLOAD_HOST } from './contract.ts'
import { inspectImage, inspectVideo } from './inspect-media.ts'
import { IG } from './problems.ts'
import { assertPullable, pullMedia } from './pull-media.ts'

export async function createContainer(call: Call): Promise<WireReply> {
  const { ig, account } = call
  const parameters = parseParameters(PARAMETERS.createContainer, call.parameters)
  const type = checkContainer(parameters, call.request.host)
  checkQuota(call)
  checkChildren(ig, account.id, parameters)
  const id = ig.containers.newId()
  const source = await readSource(ig, id, type, parameters)
  const container = store(call, { id, accountId: account.id, type, parameters, fault: call.fault, ...source })
  if (container.phase === 'pulling') startPull(ig, container)
  if (container.phase !== 'awaiting-bytes') return ok({ id })
  return ok({ id, uri: `https://${UPLOAD_HOST}/ig-api-upload/${versionOf(call)}/${id}` })
}

type Source = Pick<NewContainer, 'phase' | 'media' | 'sourceUrl'>

async function readSource(
  ig: Instagram,
  id: string,
  type: MediaType,
  parameters: ContainerParameters,
): Promise<Source> {
  const { image_url, video_url, upload_type, cover_url, alt_text } = parameters
  if (cover_url !== undefined) await fetchImage(ig, cover_url, coverName(ig, id), 'STORIES', undefined)
  if (upload_type !== undefined) return { phase: 'awaiting-bytes' }
  if (image_url !== undefined) {
    const media = await fetchImage(ig, image_url, ig.containers.fileName(id), type, alt_text)
    return { phase: 'processing', media: [media] }
  }
  if (video_url !== undefined) {
    assertPullable(video_url)
    return { phase: 'pulling', sourceUrl: video_url }
  }
  return { phase: 'processing' }
}

async function fetchImage(
  { world, stop }: Instagram,
  url: string,
  file: string,
  type: MediaType,
  altText: string | undefined,
): Promise<PublishedMedia> {
  // a little more than allowed is taken, so that an over-large image is refused as such
  await pullMedia(url, world.store.mediaPath(file), LIMITS.imageBytes + 1024, stop)
  const inspection = inspectImage(world.store.mediaPath(file), file, type, altText)
  if ('problem' in inspection) throw new GraphRefusal(inspection.problem)
  return inspection.media
}

function store({ ig, request, account }: Call, wanted: NewContainer): Container {
  const { world, containers } = ig
  return world.store.transaction(() => {
    const container = containers.add(wanted, world.settings.read().processingMs)
    world.witness.append({
      kind: 'container',
      network: NETWORK,
      requestId: request.requestId,
      accountId: account.id,
      containerId: container.id,
      captionHash: captionHashOf(wanted.parameters.caption ?? ''),
      detail: { type: wanted.type, source: wanted.phase, isChild: container.isChild },
    })
    return container
  })
}

function checkQuota({ ig, account }: Call): void {
  const limit = account.settings.containersPerDay ?? LIMITS.containersPerDay
  const since = ig.world.clock.nowMs() - LIMITS.quotaWindowMs
  if (ig.containers.countSince(account.id, since) >= limit) throw new GraphRefusal(IG.dailyCap)
}

function checkChildren(
  { containers }: Instagram,
  accountId: string,
  { children = [] }: ContainerParameters,
): void {
  for (const id of children) {
    const child = containers.find(id)
    if (child?.accountId !== accountId || !child.isChild) throw new GraphRefusal(IG.mediaNotFound)
  }
}

/** Fetches in the background; a process killed meanwhile takes it up again at its next start. */
export function startPull(ig: Instagram, container: Container): void {
  pull(ig, container).catch((error: unknown) => {
    ig.world.log('a pull ended unexpectedly', { containerId: container.id, error: String(error) })
  })
}

async function pull(ig: Instagram, container: Container): Promise<void> {
  const { world, containers, stop } = ig
  const file = containers.fileName(container.id)
  const path = world.store.mediaPath(file)
  try {
    await pullMedia(container.sourceUrl ?? '', path, LIMITS.reel.bytes + 1, stop)
  } catch (error) {
    if (stop.aborted) return
    if (!(error instanceof GraphRefusal)) throw error
    containers.startProcessing(container.id, { failure: error.problem }, undefined)
    return
  }
  if (!stop.aborted) finishVideo(ig, container, undefined)
}

/** Judges complete bytes and starts processing. */
export function finishVideo(
  { world, containers }: Instagram,
  container: Container,
  fault: Call['fault'],
): void {
  const file = containers.fileName(container.id)
  const { thumb_offset, cover_url } = container.parameters
  const offset = thumb_offset === undefined ? undefined : Number(thumb_offset)
  const inspection = inspectVideo(world.store.mediaPath(file), file, container.type, offset)
  if ('problem' in inspection) {
    containers.startProcessing(container.id, { failure: inspection.problem }, fault)
    return
  }
  const poster = cover_url === undefined ? undefined : `${file}-cover`
  containers.startProcessing(container.id, { media: { ...inspection.media, poster } }, fault)
}

const coverName = ({ containers }: Instagram, id: string) => `${containers.fileName(id)}-cover`
