/** The machine's means to work on films: which binaries, how many at once, where to put temporary files. */
export interface MediaBinary {
  readonly path: string
  readonly version: string
  readonly source: 'configured' | 'system' | 'bundled'
}

export interface MediaBinaries {
  readonly ffmpeg: MediaBinary
  readonly ffprobe: MediaBinary
  readonly filters: ReadonlySet<string>
  /** Put before every child: it dies with us and cannot take more memory than its share. */
  readonly tether: readonly string[]
  readonly threads: number
  /** One line a fact, for `stakazo doctor`. */
  describe(): string[]
}

export interface Media {
  /** Found on first use; throws `ffmpeg-missing`. */
  binaries(): Promise<MediaBinaries>
  /** Waits for one of the machine's few ffmpeg places; `using slot = await media.slot(signal)`. */
  slot(signal: AbortSignal): Promise<Disposable>
  /** An empty directory of this call's own, removed on dispose. */
  workspace(): Promise<{ path: string } & AsyncDisposable>
}
