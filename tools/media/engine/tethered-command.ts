/**
 * fluent-ffmpeg with its child on a leash. Four of the library's habits are replaced, the rest is used as it is:
 * it asks the binary for its formats and encoders before each first run (two children more, and its parser breaks on
 * ffmpeg 7), probes input 0 without any protocol guard as soon as somebody listens to `progress`, remembers one binary
 * per process, and turns all of stdout into text.
 */
import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import ffmpeg from 'fluent-ffmpeg'

interface Ring {
  get(): string
}
type Started = (child: ChildProcess, stdout: Ring, stderr: Ring) => void
type Ended = (error: Error | null, stdout: Ring, stderr: Ring) => void

/** The library's own seams; 2.1.3 is its last release, so they will not move. */
interface Internals {
  _getArguments(): string[]
  _getFfmpegPath(done: (error: null, path: string) => void): void
  _prepare(done: (error: null, args: string[]) => void): void
  _spawnFfmpeg(args: string[], options: object, started: Started, ended: Ended): void
}

const FluentCommand = ffmpeg as unknown as new (
  options: ffmpeg.FfmpegCommandOptions,
) => ffmpeg.FfmpegCommand & Internals

const STDERR_LINES_KEPT = 60
const nothingSaid: Ring = { get: () => '' }

/** Children alive now. `setpriv --pdeathsig` covers kill -9 on Linux; this set covers every orderly end anywhere. */
const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

export class TetheredCommand extends FluentCommand {
  readonly #argv: readonly string[]
  readonly #onStdout: (chunk: Buffer) => void
  #feedsStdin = false
  #signsOfLife = 0
  #child: ChildProcess | undefined
  #stdoutEnded: Promise<void> = Promise.resolve()

  /** `argv` is the program with whatever runs before it, such as `setpriv … ffmpeg`. */
  constructor(argv: readonly string[], onStdout: (chunk: Buffer) => void) {
    super({ stdoutLines: STDERR_LINES_KEPT })
    this.#argv = argv
    this.#onStdout = onStdout
  }

  feedFrom(source: Readable): this {
    this.#feedsStdin = true
    return this.input(source) as this
  }

  /** Resolves once everything the child wrote to stdout was handed over; exit alone does not mean that. */
  get stdoutEnded(): Promise<void> {
    return this.#stdoutEnded
  }

  /** ffprobe through the same door: no input, no output, only arguments; ends with the same two events. */
  runWith(args: string[]): void {
    this._spawnFfmpeg(
      args,
      {},
      () => undefined,
      (error, _stdout, stderr) => {
        if (error) this.emit('error', error, null, stderr.get())
        else this.emit('end', null, stderr.get())
      },
    )
  }

  /** Grows with everything the child says. */
  get signsOfLife(): number {
    return this.#signsOfLife
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
  }

  override _getFfmpegPath(done: (error: null, path: string) => void): void {
    done(null, this.#argv[0] ?? '')
  }

  override _prepare(done: (error: null, args: string[]) => void): void {
    done(null, this._getArguments())
  }

  override _spawnFfmpeg(args: string[], options: object, started: Started, ended: Ended): void {
    const onStarted: Started = (child, stdout, stderr) => {
      this.#adopt(child)
      started(child, stdout, stderr)
    }
    // a program that cannot be started reports without rings, and the library would then trip over them
    const onEnded: Ended = (error, stdout = nothingSaid, stderr = nothingSaid) => ended(error, stdout, stderr)
    super._spawnFfmpeg(
      [...this.#argv.slice(1), ...args],
      { ...options, captureStdout: false },
      onStarted,
      onEnded,
    )
  }

  #adopt(child: ChildProcess): void {
    this.#child = child
    children.add(child)
    // the library closes stdin only behind a stream of ours
    if (!this.#feedsStdin) child.stdin?.end()
    child.once('close', () => children.delete(child))
    child.once('error', () => children.delete(child))
    const isAlive = () => {
      this.#signsOfLife++
    }
    child.stderr?.on('data', isAlive)
    child.stdout?.on('data', isAlive).on('data', this.#onStdout)
    this.#stdoutEnded = new Promise((resolve) => {
      if (child.stdout) child.stdout.once('close', resolve)
      else resolve()
    })
  }
}
