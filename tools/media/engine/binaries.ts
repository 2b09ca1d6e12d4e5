import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { StakazoError } from '../../../runtime/core/errors.ts'
import type { MediaBinaries, MediaBinary } from '../../../runtime/core/ports/media.ts'

const execute = promisify(execFile)

export type { MediaBinaries }

export interface BinaryOptions {
  /** FFMPEG_PATH and FFPROBE_PATH. A configured path that does not work is an error, never replaced by another. */
  readonly ffmpegPath?: string | undefined
  readonly ffprobePath?: string | undefined
  /** Skips the system's programs. */
  readonly bundledOnly?: boolean | undefined
  /** Two by default: x264 gains little beyond, and each thread holds a frame. */
  readonly threads?: number | undefined
  /** Address space of one child. A 4K HEVC decode with tone mapping and two x264 encoders maps about 3 GiB. */
  readonly memoryBytesMax?: number | undefined
}

/** Finds ffmpeg and ffprobe: configured, then on PATH, then the packages we carry. Fails with `ffmpeg-missing`. */
export async function openMediaBinaries(options: BinaryOptions = {}): Promise<MediaBinaries> {
  const [ffmpeg, ffprobe] = await Promise.all([
    findBinary('ffmpeg', options.ffmpegPath, options.bundledOnly),
    findBinary('ffprobe', options.ffprobePath, options.bundledOnly),
  ])
  const filters = parseFilters((await execute(ffmpeg.path, ['-hide_banner', '-filters'])).stdout)
  const tether = await findTether(options.memoryBytesMax ?? 6 * 2 ** 30)
  const threads = options.threads ?? 2
  return {
    ffmpeg,
    ffprobe,
    filters,
    tether,
    threads,
    describe: () => describe(ffmpeg, ffprobe, filters, tether),
  }
}

export const canToneMap = (binaries: MediaBinaries): boolean =>
  binaries.filters.has('zscale') && binaries.filters.has('tonemap')

/** Every decoded frame once, at its own time. The option was renamed in 5.1 and its old name is on its way out. */
export const eachFrameOnce = ({ ffmpeg }: MediaBinaries): string[] =>
  Number(ffmpeg.version.match(/^n?(\d+)\./)?.[1] ?? 0) >= 6
    ? ['-fps_mode', 'passthrough']
    : ['-vsync', 'passthrough']

async function findBinary(
  name: 'ffmpeg' | 'ffprobe',
  configured?: string,
  bundledOnly = false,
): Promise<MediaBinary> {
  if (configured) return openBinary(name, configured, 'configured')
  const tried: unknown[] = []
  if (!bundledOnly) {
    try {
      return await openBinary(name, name, 'system')
    } catch (error) {
      tried.push(error)
    }
  }
  try {
    return await openBinary(name, await bundledPath(name), 'bundled')
  } catch (error) {
    tried.push(error)
  }
  throw new StakazoError('ffmpeg-missing', `no working ${name} was found on PATH or among the packages`, {
    cause: new AggregateError(tried),
  })
}

async function openBinary(name: string, path: string, source: MediaBinary['source']): Promise<MediaBinary> {
  try {
    const { stdout } = await execute(path, ['-version'])
    const version = stdout.match(new RegExp(`^${name} version (\\S+)`))?.[1]
    if (version) return { path, version, source }
  } catch (cause) {
    throw new StakazoError('ffmpeg-missing', `${name} at "${path}" cannot be run`, {
      cause,
      details: { path, source },
    })
  }
  throw new StakazoError('ffmpeg-missing', `"${path}" is not ${name}`, { details: { path, source } })
}

/** The packages throw a text at import on a machine they carry nothing for, hence the late import. */
async function bundledPath(name: 'ffmpeg' | 'ffprobe'): Promise<string> {
  if (name === 'ffmpeg') return (await import('@ffmpeg-installer/ffmpeg')).default.path
  return (await import('@ffprobe-installer/ffprobe')).default.path
}

/** Lines such as ` T.C scale  V->V  Scale the input video …`. */
const parseFilters = (listing: string): Set<string> =>
  new Set([...listing.matchAll(/^ [T.][S.][C.]? *(\w+) +\S+->\S+/gm)].map((match) => match[1] ?? ''))

/**
 * ffmpeg ignores SIGPIPE, EPIPE on its progress pipe and the end of stdin (tried on 4.1 and 5.1: it encodes on for
 * minutes after its parent was killed), so the kernel has to end it. Elsewhere than on Linux only an orderly exit does.
 */
async function findTether(memoryBytesMax: number): Promise<string[]> {
  const layers = [
    ['setpriv', '--pdeathsig', 'KILL', '--'],
    ['prlimit', `--as=${memoryBytesMax}`, '--core=0', '--'],
  ]
  const works = await Promise.all(layers.map(([program = '', ...args]) => canRun(program, [...args, 'true'])))
  return layers.filter((_, index) => works[index]).flat()
}

async function canRun(program: string, args: string[]): Promise<boolean> {
  try {
    await execute(program, args)
    return true
  } catch {
    return false
  }
}

function describe(
  ffmpeg: MediaBinary,
  ffprobe: MediaBinary,
  filters: ReadonlySet<string>,
  tether: readonly string[],
) {
  const line = (name: string, binary: MediaBinary) =>
    `${name} ${binary.version} (${binary.source}: ${binary.path})`
  const has = (filter: string) => `${filter} ${filters.has(filter) ? 'yes' : 'no'}`
  return [
    line('ffmpeg', ffmpeg),
    line('ffprobe', ffprobe),
    `filters: ${['zscale', 'tonemap', 'ebur128', 'alimiter'].map(has).join(', ')} (${filters.size} in all)`,
    tether.includes('setpriv')
      ? 'children end with the daemon, even when it is killed'
      : 'children end with an orderly exit only: setpriv (util-linux) is missing',
    tether.includes('prlimit')
      ? 'memory of children is bounded'
      : 'memory of children is not bounded: prlimit is missing',
  ]
}
