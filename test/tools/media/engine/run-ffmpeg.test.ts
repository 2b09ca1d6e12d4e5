import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openMediaBinaries } from '../../../../tools/media/engine/binaries.ts'
import { runFfmpeg } from '../../../../tools/media/engine/run.ts'
import { eventually } from '../../../support/eventually.ts'
import { temporaryDirectory } from '../../../support/temporary-directory.ts'
import { BOTH, binaries, bundled } from './fixtures.ts'

const endless = (mark: string) => ({
  inputs: [{ kind: 'synthetic' as const, graph: `testsrc2=s=640x360:r=30` }],
  outputs: [{ options: ['-metadata', `title=${mark}`, '-f', 'null'], target: 'pipe:1' }],
})

/** Whether a process with this word in its command line runs. */
const isRunning = (mark: string): boolean =>
  readRunning().some((commandLine) => commandLine.includes(mark) && commandLine.includes('testsrc2'))

function readRunning(): string[] {
  const { readdirSync } = process.getBuiltinModule('node:fs')
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return '' // it ended while we looked
      }
    })
}

describe.each(BOTH)('runFfmpeg with $name', ({ binaries }) => {
  test('reports progress that never falls and ends at one', async () => {
    const seen: number[] = []
    await runFfmpeg(
      binaries,
      {
        inputs: [{ kind: 'synthetic', graph: 'testsrc2=s=640x360:r=30:d=4' }],
        outputs: [{ options: ['-f', 'null'], target: 'pipe:1' }],
      },
      { lengthMs: 4000, onProgress: (fraction) => seen.push(fraction) },
    )
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
  })

  test.skipIf(process.platform !== 'linux')('ends the child when aborted', async () => {
    const mark = `abort-${binaries.ffmpeg.source}-${process.pid}`
    const stop = new AbortController()
    const run = runFfmpeg(binaries, endless(mark), { signal: stop.signal })
    const outcome = run.then(
      () => 'finished',
      (error: { code: string }) => error.code,
    )
    await eventually(() => isRunning(mark))
    stop.abort()
    expect(await outcome).toBe('cancelled')
    await eventually(() => !isRunning(mark))
  })

  test('does not start at all when aborted before', async () => {
    await expect(
      runFfmpeg(binaries, endless('never'), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('keeps the last words of a run that failed', async () => {
    const job = {
      inputs: [{ kind: 'synthetic' as const, graph: 'nosuchsource' }],
      outputs: [{ options: ['-f', 'null'], target: 'pipe:1' }],
    }
    const failed = runFfmpeg(binaries, job)
    await expect(failed).rejects.toMatchObject({ code: 'ffmpeg-failed' })
    const error = (await failed.catch((cause: unknown) => cause)) as { details: { tail: string[] } }
    expect(error.details.tail.join('\n')).toContain('nosuchsource')
  })
})

describe('children', () => {
  test.skipIf(!binaries.tether.includes('setpriv'))(
    'die with a parent that was killed by kill -9',
    async () => {
      using folder = temporaryDirectory('orphan')
      const mark = `orphan-${process.pid}`
      const engine = join(import.meta.dirname, '../../../../tools/media/engine')
      const script = `
      import { openMediaBinaries } from '${engine}/binaries.ts'
      import { runFfmpeg } from '${engine}/run.ts'
      const binaries = await openMediaBinaries()
      await runFfmpeg(binaries, ${JSON.stringify(endless(mark))})`
      const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
        cwd: folder.path,
        stdio: 'ignore',
      })
      const isChildRunning = () =>
        readRunning().some((line) => line.includes(`title=${mark}`) && !line.includes('import '))
      await eventually(isChildRunning)
      parent.kill('SIGKILL')
      await eventually(() => !isChildRunning())
    },
  )

  test.skipIf(!binaries.tether.includes('prlimit'))('cannot take more memory than their share', async () => {
    const modest = await openMediaBinaries({ memoryBytesMax: 700 * 2 ** 20 })
    const greedy = {
      inputs: [{ kind: 'synthetic' as const, graph: 'testsrc2=s=7680x4320:r=1:d=40,reverse' }],
      outputs: [{ options: ['-f', 'null'], target: 'pipe:1' }],
    }
    // ffmpeg 5.1 hangs at the limit, others fail there: both must end
    await expect(runFfmpeg(modest, greedy, { stallMs: 3000 })).rejects.toMatchObject({
      code: 'ffmpeg-failed',
    })
  })
})

describe('openMediaBinaries', () => {
  test('names version, source and filters of what it found', () => {
    expect(bundled.ffmpeg).toMatchObject({ source: 'bundled', version: expect.stringMatching(/\d/) })
    expect(bundled.filters.has('ebur128')).toBe(true)
    expect(bundled.filters.has('scdet')).toBe(false)
    expect(bundled.describe().join('\n')).toMatch(/ffmpeg .*bundled[\s\S]*ffprobe .*bundled/)
  })

  test('takes a configured path and says so', async () => {
    const configured = await openMediaBinaries({
      ffmpegPath: bundled.ffmpeg.path,
      ffprobePath: bundled.ffprobe.path,
    })
    expect(configured.ffmpeg.source).toBe('configured')
  })

  test('refuses a configured path that does not work instead of taking another', async () => {
    await expect(openMediaBinaries({ ffmpegPath: '/nowhere/ffmpeg' })).rejects.toMatchObject({
      code: 'ffmpeg-missing',
    })
    await expect(openMediaBinaries({ ffmpegPath: process.execPath })).rejects.toMatchObject({
      code: 'ffmpeg-missing',
    })
  })
})
