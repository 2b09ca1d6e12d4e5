/** What npm would publish, unpacked somewhere else: it holds all it reads, and runs without the sources. */
import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import type { roster as Roster } from '../../agents/index.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const ROOT = join(import.meta.dirname, '../..')

it('packs prompts, migrations, schema and a command that runs', { timeout: 180_000 }, async () => {
  using directory = temporaryDirectory('package')
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', directory.path], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  execFileSync('tar', ['xzf', packed.trim().split('\n').at(-1) ?? ''], { cwd: directory.path })
  const root = join(directory.path, 'package')
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  const agents = (await import(pathToFileURL(join(root, 'dist/agents/index.js')).href)) as {
    roster: typeof Roster
  }
  for (const { role, prompt } of agents.roster) expect(readFileSync(prompt, 'utf8'), role).toMatch(/\S/)
  expect(readFileSync(join(root, 'dist/db/migrations/0001_walls.sql'), 'utf8')).toContain(
    'ROW LEVEL SECURITY',
  )
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(root, 'runtime/cli/bin.js'), ...args], {
      cwd: directory.path,
      encoding: 'utf8',
    })
  expect(run('--help')).toContain('stakazo demo [film]')
  expect(run('init', '--help')).toContain('stakazo init --name')
  expect(JSON.parse(run('platforms', '--json'))).toMatchObject({ items: [{ network: 'instagram' }] })
})
