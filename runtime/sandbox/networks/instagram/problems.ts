/** Instagram's own errors: code and subcode of the content publishing pages. */
import { GRAPH_PROBLEMS, type GraphProblem } from '../graph/refusal.ts'

const content = (code: number, subcode: number, message: string): GraphProblem => ({ code, subcode, message })

export const IG = {
  ...GRAPH_PROBLEMS,
  notReady: content(
    9007,
    2207027,
    'Media ID is not available: the media is not ready for publishing, please wait a moment',
  ),
  expired: content(
    -2,
    2207020,
    'The media you are trying to access has expired. Please try to upload again.',
  ),
  mediaNotFound: content(24, 2207006, 'The requested resource does not exist: the media could not be found.'),
  dailyCap: {
    ...content(
      9,
      2207042,
      'You reached maximum number of posts that is allowed to be published by Content Publishing API.',
    ),
    status: 403,
  },
  spam: {
    ...content(
      4,
      2207051,
      'We restrict certain activity to protect our community. Tell us if you think we made a mistake.',
    ),
    status: 403,
  },
  notFetchable: content(9004, 2207052, 'The media could not be fetched from this URI.'),
  uploadFailed: content(-1, 2207053, 'Unknown upload error. Generate a new container and try again.'),
  carouselCount: content(100, 2207028, 'A carousel needs between 2 and 10 children.'),
  tags: content(
    100,
    2207040,
    'Cannot tag these users: at most 20 tags, images need x and y between 0 and 1.',
  ),
  videoFormat: content(
    352,
    2207026,
    'The video format is not supported. Please check spec for supported format.',
  ),
  imageTooLarge: content(36000, 2207004, 'The image is too large to download. It should be less than 8 MiB.'),
  imageFormat: content(36001, 2207005, 'The image format is not supported. Supported format is: JPEG.'),
  aspect: content(
    36003,
    2207009,
    'The submitted image with aspect ratio cannot be published: use 4:5 to 1.91:1.',
  ),
  caption: content(
    36004,
    2207010,
    'The caption was too long: at most 2,200 characters, 30 hashtags and 20 @ tags.',
  ),
  mediaType: content(100, 2207023, 'The media type is unknown.'),
  videoTypeGone: content(
    100,
    2207067,
    'The VIDEO value for media_type is no longer supported. Use the REELS media type to publish a video.',
  ),
  thumbOffset: content(1, 2207057, 'Thumbnail offset must be at least 0 and less than the video duration.'),
  throttled: {
    code: 80002,
    status: 403,
    subcode: 2446079,
    message: 'There have been too many calls to this Instagram account. Wait a bit and try again.',
    isTransient: true,
  },
} as const satisfies Record<string, GraphProblem>
