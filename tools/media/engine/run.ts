/**
 * The one way to run ffmpeg and ffprobe. A film is opened by a forced demuxer of our list over `file` and `pipe` alone,
 * so that playlists, concat lists, image sequences and references inside an upload cannot read files or fetch addresses.
 * Aborting kills the child at once: what it wrote is thrown away, there is nothing to finish.
 */
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { systemClock } from '../../../runtime/core/clock.ts'
import { StakazoError } from '../../../runtime/core/errors.ts'
import type { MediaBinaries } from './binaries.ts'
import type { Container } from './container.ts'
import { TetheredCommand } from './tethered-command.ts'

export interface FilmInput {
  readonly kind: 'film'
  readonly path: string
  readonly container: Container
  readonly startMs?: number
  readonly lengthMs?: number
  readonly options?: readonly string[]
}
/** A source described in ffmpeg's filter language; the text is ours, never a user's. */
export interface SyntheticInput {
  readonly kind: 'synthetic'
  readonly graph: string
}
/** Headerless samples of our own making. */
interface RawInput {
  readonly kind: 'raw'
  /** A file, or a stream that becomes the child's stdin; one input of a job may be a stream. */
  readonly source: string | Readable
  readonly options: readonly string[]
}
type MediaInput = FilmInput | SyntheticInput | RawInput

export interface MediaOutput {
  readonly options: readonly string[]
  /** `pipe:1`, or a path that is overwritten. */
  readonly target: string
}

export interface FfmpegJob {
  readonly inputs: readonly MediaInput[]
  readonly filters?: string
  readonly outputs: readonly MediaOutput[]
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined
  /** From 0 to 1, never falling; the last call of a run that succeeds says 1. Needs `lengthMs`. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly lengthMs?: number
  /** A child that says nothing for so long is ended. */
  readonly stallMs?: number
  readonly onStdout?: (chunk: Buffer) => void
  /** Lines of level info; without a listener ffmpeg only warns. */
  readonly onLine?: (line: string) => void
}

/** A single allocation above this is refused by ffmpeg itself; a frame of 8K at 10 bits takes a fifth of it. */
const ALLOCATION_BYTES_MAX = 512 * 2 ** 20
const STALL_MS = 30_000
const TAIL_LINES = 40

/** Decoders an upload may reach: what cameras, phones, editors and networks make. Others are not even opened. */
const DECODERS = `
  h264 hevc av1 libdav1d libaom-av1 vp8 vp9 libvpx libvpx-vp9 mpeg4 h263 mpeg1video mpeg2video mjpeg prores dnxhd
  theora gif msmpeg4 wmv2 flv ffv1 aac aac_latm mp3 mp3float mp2 mp2float ac3 eac3 opus libopus vorbis flac alac
  amrnb amrwb pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_f32le pcm_u8
  mov_text subrip webvtt ass`
  .trim()
  .split(/\s+/)
  .join(',')

const guardOptions = (container: Container): string[] => [
  ...['-protocol_whitelist', 'file,pipe'],
  ...['-format_whitelist', container],
  ...['-codec_whitelist', DECODERS],
  ...['-f', container],
]

const fileUrl = (path: string): string => `file:${resolve(path)}`
export const seconds = (ms: number): string => (ms / 1000).toFixed(3)

/** Runs one job to its end and gives the tail of what ffmpeg said. Fails with `ffmpeg-failed` or `cancelled`. */
export async function runFfmpeg(
  binaries: MediaBinaries,
  job: FfmpegJob,
  options: RunOptions = {},
): Promise<string[]> {
  const command = new TetheredCommand([...binaries.tether, binaries.ffmpeg.path], options.onStdout ?? discard)
  const general = generalOptions(binaries.threads, options.onLine !== undefined)
  job.inputs.forEach((input, index) => {
    const [source, inputOptions] = describeInput(input, binaries.threads)
    const opened = typeof source === 'string' ? command.input(source) : command.feedFrom(source)
    opened.inputOptions(...(index === 0 ? general : []), ...inputOptions)
  })
  if (job.filters) command.complexFilter(job.filters)
  for (const { options: outputOptions, target } of job.outputs) {
    // a single array would be split at spaces by the library; spread arguments are left alone
    command
      .output(target === 'pipe:1' ? target : fileUrl(target))
      .outputOptions('-threads', `${binaries.threads}`, ...outputOptions)
  }
  const tail: string[] = []
  const takeProgress = progressListener(options)
  command.on('stderr', (line: string) => {
    if (takeProgress(line)) return
    if (tail.push(line) > TAIL_LINES) tail.shift()
    options.onLine?.(line)
  })
  await finished(command, 'ffmpeg', options, () => command.run(), tail)
  options.onProgress?.(1)
  return tail
}

/** Runs ffprobe on one film; its stdout goes to `onStdout` in pieces. Same failures as `runFfmpeg`. */
export async function runFfprobe(
  binaries: MediaBinaries,
  film: { readonly path: string; readonly container: Container },
  args: readonly string[],
  options: Pick<RunOptions, 'signal' | 'onStdout' | 'stallMs'> = {},
): Promise<void> {
  const command = new TetheredCommand(
    [...binaries.tether, binaries.ffprobe.path],
    options.onStdout ?? discard,
  )
  const guarded = [
    '-v',
    'error',
    '-hide_banner',
    '-max_alloc',
    `${ALLOCATION_BYTES_MAX}`,
    ...guardOptions(film.container),
  ]
  await finished(
    command,
    'ffprobe',
    options,
    () => command.runWith([...guarded, ...args, '-i', fileUrl(film.path)]),
    [],
  )
}

const discard = () => undefined

function generalOptions(threads: number, talks: boolean): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-y'],
    ...['-loglevel', talks ? 'info' : 'warning'],
    ...['-progress', 'pipe:2'],
    ...['-max_alloc', `${ALLOCATION_BYTES_MAX}`],
    ...['-filter_complex_threads', `${threads}`],
  ]
}

function describeInput(input: MediaInput, threads: number): [source: string | Readable, options: string[]] {
  if (input.kind === 'synthetic') return [input.graph, ['-f', 'lavfi']]
  if (input.kind === 'raw') {
    const source = typeof input.source === 'string' ? fileUrl(input.source) : input.source
    return [source, ['-protocol_whitelist', 'file,pipe', ...input.options]]
  }
  const span = [
    ...(input.startMs === undefined ? [] : ['-ss', seconds(input.startMs)]),
    ...(input.lengthMs === undefined ? [] : ['-t', seconds(input.lengthMs)]),
  ]
  const options = [
    '-threads',
    `${threads}`,
    ...(input.options ?? []),
    ...guardOptions(input.container),
    ...span,
  ]
  return [fileUrl(input.path), options]
}

const PROGRESS_LINE =
  /^(frame|fps|stream_\d+_\d+_q|bitrate|total_size|out_time\w*|dup_frames|drop_frames|speed|progress)=/

/** `out_time_ms` has been microseconds in every version there is. */
function progressListener({ onProgress, lengthMs = 0 }: RunOptions): (line: string) => boolean {
  let reached = 0
  return (line) => {
    if (!PROGRESS_LINE.test(line)) return false
    const microseconds = Number(line.match(/^out_time_ms=(\d+)/)?.[1] ?? 0)
    const fraction = lengthMs > 0 ? Math.min(1, microseconds / 1000 / lengthMs) : 0
    if (fraction > reached) {
      reached = fraction
      onProgress?.(fraction)
    }
    return true
  }
}

async function finished(
  command: TetheredCommand,
  program: string,
  { signal, stallMs = STALL_MS }: Pick<RunOptions, 'signal' | 'stallMs'>,
  start: () => void,
  tail: string[],
): Promise<void> {
  const cancelled = () => new StakazoError('cancelled', `${program} was stopped`, { cause: signal?.reason })
  if (signal?.aborted) throw cancelled()
  const stop = () => command.stop()
  signal?.addEventListener('abort', stop, { once: true })
  const over = new AbortController()
  const stalled = stopWhenStalled(command, stallMs, over.signal)
  try {
    await new Promise<void>((resolve, reject) => {
      command.once('end', () => resolve())
      command.once('error', (cause: Error, _stdout: unknown, stderr: string) => {
        if (tail.length === 0 && stderr) tail.push(...stderr.split('\n'))
        reject(cause)
      })
      start()
    })
    await command.stdoutEnded
  } catch (cause) {
    over.abort()
    if (signal?.aborted) throw cancelled()
    throw failure(program, cause, tail, (await stalled) ? `it said nothing for ${stallMs} ms` : undefined)
  } finally {
    over.abort()
    signal?.removeEventListener('abort', stop)
  }
}

/**
 * ffmpeg 5.1 waits for itself for ever when a thread of its cannot get memory (seen with a bounded address space), and
 * a broken file may do the like. A working child says something every half second.
 */
async function stopWhenStalled(
  command: TetheredCommand,
  stallMs: number,
  over: AbortSignal,
): Promise<boolean> {
  for (let seen = -1; seen !== command.signsOfLife; ) {
    seen = command.signsOfLife
    try {
      await systemClock.sleep(stallMs, over)
    } catch {
      return false // the run ended in time
    }
  }
  command.stop()
  return true
}

function failure(program: string, cause: unknown, tail: readonly string[], reason?: string): StakazoError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
    return new StakazoError('ffmpeg-missing', `${program} is no longer where it was found`, { cause })
  }
  const said = reason ?? (cause instanceof Error ? cause.message.split('\n')[0] : String(cause))
  return new StakazoError('ffmpeg-failed', `${program} failed: ${said}`, {
    cause,
    details: { tail: tail.slice(-12) },
  })
}
