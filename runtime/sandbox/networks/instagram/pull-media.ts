/** The platform fetches a URL itself. In the sandbox only loopback answers; any other host is unreachable. */
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MINUTE } from '../../../core/clock.ts'
import { GraphRefusal } from '../graph/refusal.ts'
import { IG } from './problems.ts'

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/

/** Refuses at once what can never be fetched. */
export function assertPullable(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isAscii = /^[\x21-\x7e]+$/.test(url)
  if (!parsed || !isAscii || !/^https?:$/.test(parsed.protocol) || !LOOPBACK.test(parsed.hostname)) {
    throw new GraphRefusal(IG.notFetchable)
  }
}

/** Streams the URL to the file; redirects and anything but 200 count as not fetchable. */
export async function pullMedia(
  url: string,
  path: string,
  maxBytes: number,
  stop: AbortSignal,
): Promise<void> {
  assertPullable(url)
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(MINUTE)])
    const answer = await fetch(url, { redirect: 'error', signal })
    if (answer.status !== 200 || !answer.body) throw new GraphRefusal(IG.notFetchable)
    await pipeline(Readable.fromWeb(answer.body), capped(maxBytes), createWriteStream(path), { signal })
  } catch (cause) {
    await rm(path, { force: true })
    if (cause instanceof GraphRefusal || stop.aborted) throw cause
    throw new GraphRefusal(IG.notFetchable)
  }
}

function capped(maxBytes: number): Transform {
  let taken = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      taken += chunk.length
      if (taken > maxBytes) done(new GraphRefusal(IG.notFetchable))
      else done(null, chunk)
    },
  })
}
