/**
 * `npm run build`: the rooms as JavaScript in dist/, with everything beside them that is read at run time (prompts,
 * migrations, schemas). What is published is dist/ and the bin.
 */
import { spawnSync } from 'node:child_process'
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StakazoError } from './core/errors.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const DIST = join(ROOT, 'dist')
const ROOMS = ['agents', 'tools', 'graphs', 'memory', 'runtime', 'db']

await rm(DIST, { recursive: true, force: true })
await mkdir(DIST, { recursive: true })
await compile()
for (const room of ROOMS) await copyAssets(room)

async function compile(): Promise<void> {
  const project = join(DIST, 'tsconfig.json')
  const compilerOptions = { noEmit: false, outDir: '.', rootDir: '..', sourceMap: false }
  const include = ROOMS.map((room) => `../${room}`)
  const exclude = ['../runtime/build.ts']
  await writeFile(project, JSON.stringify({ extends: '../tsconfig.json', compilerOptions, include, exclude }))
  const { status, stdout } = spawnSync('tsc', ['-p', project], { encoding: 'utf8', cwd: ROOT })
  await rm(project)
  if (status !== 0) throw new StakazoError('bug', `the sources do not compile:\n${stdout}`)
}

async function copyAssets(room: string): Promise<void> {
  for (const entry of await readdir(join(ROOT, room), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.(ts|js)$/.test(entry.name)) continue
    const from = join(entry.parentPath, entry.name)
    const to = join(DIST, from.slice(ROOT.length))
    await mkdir(dirname(to), { recursive: true })
    await cp(from, to)
  }
}
