/** The rules of `POST /{ig-id}/media` that need no bytes; each refusal names the parameter or carries Instagram's subcode. */
import { type GraphProblem, GraphRefusal, refuseParameter } from '../graph/refusal.ts'
import {
  type ContainerParameters,
  FACEBOOK_LOGIN_HOST,
  LIMITS,
  MEDIA_TYPES,
  type MediaType,
  thumbOffset,
} from './contract.ts'
import { IG } from './problems.ts'

type Name = keyof ContainerParameters

/** Parameters that only some media types take; the rest go with every type. */
const ONLY_FOR: Partial<Record<Name, readonly MediaType[]>> = {
  image_url: ['IMAGE', 'STORIES'],
  video_url: ['VIDEO', 'REELS', 'STORIES'],
  upload_type: ['VIDEO', 'REELS', 'STORIES'],
  caption: ['IMAGE', 'REELS', 'CAROUSEL'],
  alt_text: ['IMAGE'],
  children: ['CAROUSEL'],
  is_carousel_item: ['IMAGE', 'VIDEO'],
  cover_url: ['REELS'],
  thumb_offset: ['REELS', 'VIDEO'],
  share_to_feed: ['REELS', 'CAROUSEL'],
  audio_name: ['REELS'],
  collaborators: ['IMAGE', 'REELS', 'CAROUSEL'],
  user_tags: ['IMAGE', 'VIDEO', 'REELS', 'STORIES'],
  location_id: ['IMAGE', 'REELS', 'CAROUSEL'],
  trial_params: ['REELS'],
}

/** The media type this call makes. */
export function checkContainer(parameters: ContainerParameters, host: string): MediaType {
  const type = readType(parameters)
  for (const [name, types] of Object.entries(ONLY_FOR)) {
    if (parameters[name as Name] !== undefined && !types.includes(type)) {
      throw refuseParameter(`Param ${name} is not supported for media_type ${type}`)
    }
  }
  checkSource(parameters, type)
  checkText(parameters)
  checkPeople(parameters, type)
  checkThumbnail(parameters)
  checkLoginLimits(parameters, host)
  if (parameters.is_carousel_item && parameters.caption !== undefined) {
    throw refuseParameter('Param caption is not supported for a carousel item; give it to the carousel')
  }
  if (type === 'CAROUSEL') refuseIf(isOutside(parameters.children?.length ?? 0), IG.carouselCount)
  return type
}

function readType({ media_type, is_carousel_item }: ContainerParameters): MediaType {
  const type = MEDIA_TYPES.find((known) => known === (media_type ?? 'IMAGE'))
  if (!type) throw new GraphRefusal(IG.mediaType)
  if (type === 'VIDEO' && !is_carousel_item) throw new GraphRefusal(IG.videoTypeGone)
  return type
}

function checkSource({ image_url, video_url, upload_type }: ContainerParameters, type: MediaType): void {
  const given = [image_url, video_url, upload_type].filter((source) => source !== undefined).length
  if (type === 'CAROUSEL') return
  if (given > 1) throw refuseParameter('Give one of image_url, video_url and upload_type')
  if (given === 0) {
    throw refuseParameter(`The parameter ${type === 'IMAGE' ? 'image_url' : 'video_url'} is required`)
  }
}

function checkText({ caption = '', alt_text = '', audio_name = '' }: ContainerParameters): void {
  const count = (pattern: RegExp) => caption.match(pattern)?.length ?? 0
  const isOver =
    [...caption].length > LIMITS.captionChars ||
    count(/#[\p{L}\p{N}_]+/gu) > LIMITS.hashtags ||
    count(/(?<![\p{L}\p{N}_.])@[A-Za-z0-9_.]+/gu) > LIMITS.mentions
  refuseIf(isOver, IG.caption)
  if ([...alt_text].length > LIMITS.altTextChars)
    throw refuseParameter('Param alt_text must be at most 1,000 characters')
  if ([...audio_name].length > 90) throw refuseParameter('Param audio_name must be at most 90 characters')
}

function checkPeople({ collaborators = [], user_tags = [] }: ContainerParameters, type: MediaType): void {
  if (collaborators.length > LIMITS.collaborators)
    throw refuseParameter('Param collaborators takes at most 3 users')
  const isShare = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1
  const isTag = (tag: Record<string, unknown>) => {
    const isPlaced = isShare(tag.x) && isShare(tag.y)
    const isUnplaced = tag.x === undefined && tag.y === undefined
    const isKnown = Object.keys(tag).every((key) => ['username', 'x', 'y'].includes(key))
    return (
      typeof tag.username === 'string' && isKnown && (type === 'IMAGE' ? isPlaced : isPlaced || isUnplaced)
    )
  }
  refuseIf(user_tags.length > LIMITS.userTags || !user_tags.every(isTag), IG.tags)
}

function checkThumbnail({ thumb_offset }: ContainerParameters): void {
  if (thumb_offset === undefined) return
  const offset = thumbOffset.safeParse(thumb_offset)
  refuseIf(!offset.success || offset.data < 0, IG.thumbOffset)
}

/** Locations need Facebook Login; product tags need a shop, which no account of the sandbox has. */
function checkLoginLimits(
  { location_id, product_tags, trial_params }: ContainerParameters,
  host: string,
): void {
  refuseIf(location_id !== undefined && host !== FACEBOOK_LOGIN_HOST, IG.permission)
  refuseIf(product_tags !== undefined, IG.permission)
  if (trial_params === undefined) return
  const strategy = trial_params.graduation_strategy
  if (strategy !== 'MANUAL' && strategy !== 'SS_PERFORMANCE') {
    throw refuseParameter('Param trial_params needs graduation_strategy, one of {MANUAL, SS_PERFORMANCE}')
  }
}

const isOutside = (children: number) => children < LIMITS.carouselMin || children > LIMITS.carouselMax

function refuseIf(isWrong: boolean, problem: GraphProblem): void {
  if (isWrong) throw new GraphRefusal(problem)
}
