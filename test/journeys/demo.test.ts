/** The first thing a new user does, as they do it: one command, another process, no key, no network. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DemoResult } from '../../runtime/cli/demo/demo-report.ts'
import { openMediaBinaries } from '../../tools/media/engine/binaries.ts'
import { makeSampleFilm } from '../../tools/media/engine/sample-film.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const MINUTES = 60_000
const BIN = join(import.meta.dirname, '../../runtime/cli/bin.js')

function stakazo(
  cwd: string,
  temporary: string,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, TMPDIR: temporary, DATABASE_URL: '', REDIS_URL: '' }
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], { cwd, env, maxBuffer: 2 ** 24 }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })
}

async function makeFilm(path: string, seed: number): Promise<string> {
  await makeSampleFilm(await openMediaBinaries(), { path, durationMs: 40_000, seed })
  return path
}

describe('the demo', () => {
  it('publishes three clips on the sandbox, once each, and proves it', { timeout: 5 * MINUTES }, async () => {
    using directory = temporaryDirectory('demo')
    using temporary = temporaryDirectory('tmp')
    const { code, out, err } = await stakazo(directory.path, temporary.path, 'demo', '--json', '--yes')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const result = JSON.parse(out) as DemoResult
    expect(result.clips).toHaveLength(3)
    for (const clip of result.clips) {
      expect(statSync(clip.path).size).toBeGreaterThan(10_000)
      expect(clip).toMatchObject({ format: '9:16' })
      expect(clip.endMs).toBeGreaterThan(clip.startMs)
    }
    expect(result.publications.map(({ platform, state }) => `${platform} ${state}`)).toEqual([
      'instagram verified',
      'instagram verified',
      'instagram verified',
    ])
    expect(new Set(result.publications.map(({ remoteId }) => remoteId)).size).toBe(3)
    expect(result.approvals.length).toBeGreaterThan(0)
    expect(result.ledger.verified).toBe(true)
    // The clips are what it leaves; its daemon's directory is gone.
    expect(readdirSync(directory.path)).toEqual(['demo-out'])
    expect(readdirSync(temporary.path).filter((name) => name.startsWith('stakazo-demo'))).toEqual([])
  })

  it('gives other clips and captions for another film and another brand guide', {
    timeout: 8 * MINUTES,
  }, async () => {
    using directory = temporaryDirectory('demo')
    using temporary = temporaryDirectory('tmp')
    const guide = join(directory.path, 'marca.yaml')
    writeFileSync(
      guide,
      'name: Faro\nlanguage: es\nzone: Europe/Madrid\nvoice:\n  tone: [sereno]\n  hashtags: ["#Faro"]\n',
    )
    const one = await makeFilm(join(directory.path, 'one.mp4'), 7)
    const two = await makeFilm(join(directory.path, 'two.mp4'), 99)
    const run = async (...args: string[]) => {
      const { code, out, err } = await stakazo(directory.path, temporary.path, 'demo', ...args)
      expect({ code, err }).toEqual({ code: 0, err: '' })
      const captions = out.split('\n').filter((line) => line.startsWith('  │ '))
      const spans = [...out.matchAll(/^ {2}clip .*?(\d+\.\d–\d+\.\d s)/gm)].map(([, span]) => span)
      return { captions: captions.join('\n'), spans, out }
    }
    const first = await run(one, '--out', 'first')
    const second = await run(two, '--out', 'second', '--lang', 'es', '--brand', guide)
    expect(first.spans).toHaveLength(3)
    expect(second.spans).toHaveLength(3)
    expect(first.spans).not.toEqual(second.spans)
    expect(first.captions).toContain('#LowTideRecords')
    expect(second.captions).toContain('#Faro')
    expect(second.captions).not.toMatch(/LowTide|Low Tide|link in bio/i)
    // Nobody at a terminal: the named operator answers, and it can be seen.
    expect(first.out).toContain('operator "demo" answers yes (no terminal to ask on)')
    expect(existsSync(join(directory.path, 'second'))).toBe(true)
  })
})
