/** The Media port: ffmpeg found on first use, few places at once, working directories that do not outlive their work. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { type BinaryOptions, openMediaBinaries } from '../tools/media/engine/binaries.ts'
import { StakazoError } from './core/errors.ts'
import type { Media, MediaBinaries } from './core/ports/media.ts'

export interface MediaOptions extends BinaryOptions {
  /** Where workspaces are made, inside the data directory. */
  readonly directory: string
  /** Half of the cores by default: each ffmpeg runs two threads. */
  readonly slots?: number | undefined
}

export async function openMedia(options: MediaOptions): Promise<Media> {
  const { directory, slots = Math.max(1, Math.floor(availableParallelism() / 2)), ...binaryOptions } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await sweepWorkspaces(directory)
  let binaries: Promise<MediaBinaries> | undefined
  const prefix = join(directory, `${OWN}-`)
  return {
    binaries() {
      binaries ??= openMediaBinaries(binaryOptions).catch((error: unknown) => {
        // an operator may install it meanwhile; the next call looks again
        binaries = undefined
        throw error
      })
      return binaries
    },
    slot: openSlots(slots),
    async workspace() {
      const path = await mkdtemp(prefix)
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
    },
  }
}

/** First come, first served. A waiter that aborts leaves the line. */
export function openSlots(count: number): Media['slot'] {
  let free = count
  const line: (() => void)[] = []
  const leave = () => {
    const next = line.shift()
    if (next) next()
    else free++
  }
  const enter = (): Disposable => {
    let isHeld = true
    return {
      [Symbol.dispose]() {
        if (isHeld) leave()
        isHeld = false
      },
    }
  }
  return async (signal) => {
    if (signal.aborted) throw cancelled(signal)
    if (free > 0) {
      free--
      return enter()
    }
    return new Promise((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', giveUp)
        resolve(enter())
      }
      const giveUp = () => {
        line.splice(line.indexOf(turn), 1)
        reject(cancelled(signal))
      }
      line.push(turn)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }
}

const cancelled = (signal: AbortSignal) =>
  signal.reason instanceof StakazoError
    ? signal.reason
    : new StakazoError('cancelled', 'it was cancelled while waiting for a place', { cause: signal.reason })

const HOST = hostname().replace(/[^\w.]/g, '_')
const OWN = `${HOST}-${process.pid}`

/**
 * Removes what dead processes of this machine left. Our own number counts as dead: nothing of ours is there yet, and in
 * a container every life has the same number.
 */
async function sweepWorkspaces(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const [, host, pid] = /^(.+)-(\d+)-[^-]+$/.exec(name) ?? []
    if (host !== HOST || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue
    await rm(join(directory, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
