/** The machine's means to work on films: which binaries, how many at once, where to put temporary files. */
export interface MediaBinaries {
  readonly ffmpegPath: string
  readonly ffprobePath: string
  readonly version: string
  readonly source: 'configured' | 'system' | 'bundled'
  readonly filters: ReadonlySet<string>
}

export interface Media {
  /** Found on first use; throws `ffmpeg-missing`. */
  binaries(): Promise<MediaBinaries>
  /** Waits for one of the machine's few ffmpeg places; `using slot = await media.slot(signal)`. */
  slot(signal: AbortSignal): Promise<Disposable>
  /** An empty directory of this call's own, removed on dispose. */
  workspace(): Promise<{ path: string } & AsyncDisposable>
}
