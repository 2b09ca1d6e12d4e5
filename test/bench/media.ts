import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openMediaBinaries } from '../../tools/media/engine/binaries.ts'
import { makeSampleFilm } from '../../tools/media/engine/sample-film.ts'
import { ROOT } from '../support/rooms.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import type { Benchmark, Figure } from './benchmark.ts'
import type { MediaInput, MediaResult, Spent } from './media-driver.ts'
import { runChild } from './run-child.ts'

const DRIVER = new URL('./media-driver.ts', import.meta.url)
const SHARED = join(ROOT, '../shared/media')
const FILMS = ['big_buck_bunny_0_30.webm', 'fixed-camera.mp4', 'counter.mp4']

export const media: Benchmark = {
  name: 'media',
  does: 'probing, analysing and rendering films, over bare ffmpeg doing the same by hand',
  async run({ isQuick, say }) {
    using directory = temporaryDirectory('bench-media')
    const path = join(directory.path, 'sample.mp4')
    say('making the sample film')
    await makeSampleFilm(await openMediaBinaries(), { path, durationMs: isQuick ? 20_000 : 90_000 })
    const shared = FILMS.map((name) => join(SHARED, name)).filter((film) => existsSync(film))
    const figures: Figure[] = []
    for (const film of [path, ...(isQuick ? [] : shared)]) {
      const name = film.split('/').at(-1) ?? film
      say(name)
      const input: MediaInput = { path: film, clipMs: isQuick ? 5_000 : 10_000, folder: directory.path }
      figures.push(...toFigures(name, await runChild<MediaResult>(DRIVER, input)))
    }
    return figures
  },
}

function toFigures(name: string, result: MediaResult): Figure[] {
  const { info, probe, analyse, render, bareProbe, bareDecode, bareRender } = result
  const realtime = (spent: Spent) => info.durationMs / spent.wallMs
  const film = `${name}, ${info.width}x${info.height}, ${(info.durationMs / 1_000).toFixed(0)} s`
  const rss = ({ peakRssMb }: Spent) => `peak RSS of a child ${Math.round(peakRssMb)} MB`
  return [
    {
      what: `${film}: probe`,
      value: probe.wallMs,
      unit: 'ms',
      against: { what: 'one bare ffprobe of the header', value: bareProbe.wallMs },
    },
    {
      what: `${name}: analyse`,
      value: realtime(analyse),
      unit: 'x realtime',
      against: { what: 'bare decoding of all frames', value: realtime(bareDecode) },
    },
    {
      what: `${name}: analyse, CPU`,
      value: analyse.cpuMs / 1_000,
      unit: 's',
      against: { what: 'bare decoding of all frames', value: bareDecode.cpuMs / 1_000 },
      note: rss(analyse),
    },
    {
      what: `${name}: clip of ${result.clipMs / 1_000} s in 9:16 and 1:1, CPU`,
      value: render.cpuMs / 1_000,
      unit: 's',
      against: { what: 'one hand-written command, not verified', value: bareRender.cpuMs / 1_000 },
      note: `${rss(render)}; by hand ${Math.round(bareRender.peakRssMb)} MB`,
    },
    {
      what: `${name}: the same, wall`,
      value: render.wallMs / 1_000,
      unit: 's',
      against: { what: 'one hand-written command, not verified', value: bareRender.wallMs / 1_000 },
    },
  ]
}
