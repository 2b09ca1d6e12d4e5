import { captionText } from '../../runtime/core/caption.ts'
import type { Account, Post, Rendition } from '../../runtime/core/entities.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import type { PreflightFinding } from '../../runtime/core/ports/publisher.ts'
import { connectors } from '../connectors/index.ts'

export interface NetworkFinding extends PreflightFinding {
  network: string
}

/** Rules of each network the post would break, before anything is stored or sent. */
export function preflightPost(
  post: Pick<Post, 'caption' | 'altText' | 'hashtags'>,
  { sha256, bytes, durationMs, width, height, coverSha256 }: Rendition,
  targets: readonly { network: Account['network']; options: Readonly<Record<string, unknown>> }[],
): NetworkFinding[] {
  return targets.flatMap(({ network, options }) =>
    connectors[network]
      .preflight({
        caption: captionText(post),
        altText: post.altText,
        media: { sha256, bytes, mediaType: 'video/mp4', durationMs, width, height },
        coverSha256,
        options,
      })
      .map((finding) => ({ ...finding, network })),
  )
}

export function assertAccepted(findings: readonly NetworkFinding[]): void {
  const [first] = findings
  if (!first) return
  throw new StakazoError(
    'platform-content',
    `${first.network} would refuse it: ${first.rule} is ${first.value}, limit ${first.limit}. ${first.fix}`,
    { details: { findings } },
  )
}
