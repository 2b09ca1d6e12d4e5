/** One film through our engine and by hand; processor time is that of the children, which do all the work. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { analyseMedia } from '../../tools/media/engine/analyse.ts'
import { openMediaBinaries } from '../../tools/media/engine/binaries.ts'
import { probeMedia } from '../../tools/media/engine/probe.ts'
import { renderClip } from '../../tools/media/engine/render.ts'
import { endedChildrenCpuMs, listFamily, peakRssMb } from './processes.ts'
import { answer } from './run-child.ts'

export interface MediaInput {
  readonly path: string
  readonly clipMs: number
  readonly folder: string
}

export interface Spent {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakRssMb: number
}

export interface MediaResult {
  readonly info: { readonly width: number; readonly height: number; readonly durationMs: number }
  readonly clipMs: number
  readonly probe: Spent
  readonly analyse: Spent
  readonly render: Spent
  readonly bareProbe: Spent
  readonly bareDecode: Spent
  readonly bareRender: Spent
}

const run = promisify(execFile)
const SAMPLE_MS = 25

async function spend<T>(work: () => Promise<T>): Promise<Spent & { readonly value: T }> {
  let peak = 0
  const watch = setInterval(() => {
    for (const pid of listFamily(process.pid)) {
      if (pid !== process.pid) peak = Math.max(peak, peakRssMb(pid))
    }
  }, SAMPLE_MS)
  const cpuMs = endedChildrenCpuMs()
  const startedMs = performance.now()
  try {
    const value = await work()
    const wallMs = performance.now() - startedMs
    return { value, wallMs, cpuMs: endedChildrenCpuMs() - cpuMs, peakRssMb: peak }
  } finally {
    clearInterval(watch)
  }
}

await answer(async ({ path, clipMs: wantedMs, folder }: MediaInput): Promise<MediaResult> => {
  const binaries = await openMediaBinaries()
  const ffmpeg = (...args: string[]) => run(binaries.ffmpeg.path, ['-v', 'error', '-nostdin', '-y', ...args])
  const { value: info, ...probe } = await spend(() => probeMedia(binaries, path))
  const film = { path, info }
  const { value: analysis, ...analyse } = await spend(() => analyseMedia(binaries, film))
  if (analysis.motion.length === 0) throw new Error('the analysis saw nothing')

  const clipMs = Math.min(wantedMs, Math.floor(info.durationMs / 2))
  const startMs = Math.floor((info.durationMs - clipMs) / 2)
  const { value: rendered, ...render } = await spend(() =>
    renderClip(binaries, film, {
      clip: { startMs, endMs: startMs + clipMs },
      renditions: [{ shape: '9:16' }, { shape: '1:1' }],
      quality: 'final',
      folder: join(folder, 'ours'),
      name: 'clip',
    }),
  )
  if (rendered.renditions.length !== 2) throw new Error(`${rendered.renditions.length} renditions were made`)

  const { value: _header, ...bareProbe } = await spend(() =>
    run(binaries.ffprobe.path, ['-v', 'error', '-show_format', '-show_streams', path]),
  )
  const { value: _frames, ...bareDecode } = await spend(() => ffmpeg('-i', path, '-f', 'null', '-'))

  const hasAudio = info.audio.length > 0
  const shapes = rendered.renditions.map(({ width, height }, place) => {
    const scaled = `scale=${width}:${height}:force_original_aspect_ratio=increase`
    return `[p${place}]${scaled},crop=${width}:${height},setsar=1,format=yuv420p[v${place}]`
  })
  const sound = hasAudio
    ? ';[0:a:0]loudnorm=I=-14:TP=-1.5,aformat=sample_rates=48000:channel_layouts=stereo,asplit=2[a0][a1]'
    : ''
  const graph = `[0:v:0]split=2[p0][p1];${shapes.join(';')}${sound}`
  const encode = '-c:v libx264 -preset veryfast -crf 21 -maxrate 10M -bufsize 20M -c:a aac -b:a 160k'.split(
    ' ',
  )
  const outputs = rendered.renditions.flatMap((_, place) => [
    ...['-map', `[v${place}]`, ...(hasAudio ? ['-map', `[a${place}]`] : [])],
    ...[...encode, '-movflags', '+faststart', join(folder, `bare-${place}.mp4`)],
  ])
  const span = ['-ss', String(startMs / 1_000), '-t', String(clipMs / 1_000)]
  const { value: _files, ...bareRender } = await spend(() =>
    ffmpeg(...span, '-i', path, '-filter_complex', graph, ...outputs),
  )

  const { width, height } = info.video
  return {
    info: { width, height, durationMs: info.durationMs },
    clipMs,
    probe,
    analyse,
    render,
    bareProbe,
    bareDecode,
    bareRender,
  }
})
