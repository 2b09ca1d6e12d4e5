import { join } from 'node:path'
import { openMediaBinaries } from '../../../../tools/media/engine/binaries.ts'
import type { Film } from '../../../../tools/media/engine/media-info.ts'
import { probeMedia } from '../../../../tools/media/engine/probe.ts'
import { runFfmpeg } from '../../../../tools/media/engine/run.ts'

/** What this machine has first, and the 2018 build we carry: whatever holds must hold on both. */
export const binaries = await openMediaBinaries()
export const bundled = await openMediaBinaries({ bundledOnly: true })
export const BOTH = [
  { name: `the ${binaries.ffmpeg.source} ffmpeg`, binaries },
  { name: 'the bundled ffmpeg', binaries: bundled },
] as const

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const AAC = ['-c:a', 'aac', '-b:a', '128k']

export interface Recipe {
  /** Picture source in ffmpeg's filter language, without a label. */
  readonly picture: string
  readonly sound?: string
  readonly lengthS: number
  readonly video?: readonly string[]
  readonly format?: string
}

/** Makes a small film by the bundled ffmpeg, so that every machine tests the same one. */
export async function makeFilm(folder: string, name: string, recipe: Recipe): Promise<string> {
  const path = join(folder, name)
  const { picture, sound, lengthS, video = H264, format = 'mp4' } = recipe
  const inputs = [picture, ...(sound ? [sound] : [])].map((graph) => ({ kind: 'synthetic' as const, graph }))
  const options = ['-t', String(lengthS), ...video, ...(sound ? AAC : []), '-f', format]
  await runFfmpeg(bundled, { inputs, outputs: [{ options, target: path }] })
  return path
}

export const openFilm = async (path: string): Promise<Film> => ({
  path,
  info: await probeMedia(binaries, path),
})

export const TEST_CARD = 'testsrc2=s=320x180:r=24'

/** A tone that is loud within `[from, to]` seconds and faint elsewhere. */
export const toneLoudBetween = (from: number, to: number): string =>
  `aevalsrc=exprs='sin(880*PI*t)*if(between(t,${from},${to}),0.5,0.02)':s=44100`

/** A plain picture that is busy within `[from, to]` seconds. */
export function busyBetween(lengthS: number, from: number, to: number): string {
  const still = `color=c=0x305070:s=320x180:r=24:d=${lengthS}`
  const busy = `testsrc2=s=320x180:r=24:d=${lengthS},noise=alls=60:allf=t`
  return `${still}[still];${busy}[busy];[still][busy]overlay=enable='between(t,${from},${to})'`
}
