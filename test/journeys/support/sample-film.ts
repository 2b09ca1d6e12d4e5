import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { openMediaBinaries } from '../../../tools/media/engine/binaries.ts'
import { makeSampleFilm } from '../../../tools/media/engine/sample-film.ts'

/** Long enough for a clip or two, short enough to be drawn in a second; made once for all files of a run. */
const LENGTH_MS = 14_000

export async function sampleFilm(): Promise<string> {
  const path = join(inject('testRun').dataDir, 'journey-film.mp4')
  if (existsSync(path)) return path
  const draft = `${path}.${process.pid}.mp4`
  await makeSampleFilm(await openMediaBinaries(), { path: draft, durationMs: LENGTH_MS, seed: 11 })
  // Whoever is second puts the same film in its place.
  renameSync(draft, path)
  return path
}
