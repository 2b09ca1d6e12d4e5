import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { roster } from '../agents/index.ts'
import { ERRORS } from '../runtime/core/errors.ts'
import { tools } from '../tools/index.ts'
import { generatedParts } from './support/generated.ts'
import { judgeImport, listImports, listSources, ROOT, readSource } from './support/rooms.ts'

const sources = listSources()

describe('the room map', () => {
  test('no file imports from a room it may not see, types included', () => {
    expect(sources.flatMap((file) => listImports(file)).flatMap((one) => judgeImport(one) ?? [])).toEqual([])
  })

  test('a forbidden import is noticed', () => {
    const [one] = listImports('tools/x.ts', "import type { Tx } from '../db/tx.ts'")
    expect(one && judgeImport(one)).toBe('tools/x.ts (tools) imports db/tx.ts (db)')
    const [vendor] = listImports('agents/x.ts', "const sdk = await import('@anthropic-ai/sdk')")
    expect(vendor && judgeImport(vendor)).toContain('agents/x.ts imports @anthropic-ai/sdk')
  })

  test('the top level holds only what it should', () => {
    const allowed = new Set(
      'agents tools graphs memory runtime db test package.json package-lock.json tsconfig.json agents.yaml README.md LICENSE CHANGELOG.md CONTRIBUTING.md biome.json knip.json vitest.config.ts drizzle.config.ts agents.schema.json .gitignore .gitattributes .env.example .ci .git .npmrc .github node_modules dist data demo-out coverage'.split(
        ' ',
      ),
    )
    expect(readdirSync(ROOT).filter((name) => !allowed.has(name))).toEqual([])
  })
})

describe('habits', () => {
  const rooms = sources.filter((file) => !file.startsWith('test/') && file.endsWith('.ts'))
  const offenders = (pattern: RegExp, exempt: (file: string) => boolean = () => false) =>
    rooms.filter((file) => !exempt(file) && pattern.test(readSource(file)))

  test('chance comes from runtime/core/random.ts', () => {
    expect(
      offenders(/Math\.random|randomUUID|randomBytes\(/, (file) => file === 'runtime/core/random.ts'),
    ).toEqual([])
  })

  test('waiting goes through a clock with a signal', () => {
    // Deadlines that are cleared, and last resorts that are unref'd, need a bare timer; nobody waits for them.
    const timers = ['core/clock.ts', 'models/deadlines.ts', 'cli/commands/start.ts', 'daemon.ts']
    expect(
      offenders(/\bsetTimeout\(|\bsetInterval\(/, (file) => timers.includes(file.replace('runtime/', ''))),
    ).toEqual([])
  })

  test('nobody throws a bare Error', () => {
    expect(offenders(/throw new Error\(/)).toEqual([])
  })

  test('nothing is left for later without an issue', () => {
    expect(offenders(/\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/)).toEqual([])
  })

  test('no process ends itself in the middle of a room', () => {
    const lastResort = 'runtime/cli/commands/start.ts'
    expect(offenders(/process\.exit\(/, (file) => file === lastResort)).toEqual([])
  })

  test('no test waits by the clock', () => {
    const sleeping = sources
      .filter((file) => /\.test\.ts$/.test(file) && file !== 'test/tidy.test.ts')
      .filter((file) => /setTimeout\(\s*(resolve|r)\b/.test(readSource(file)))
    expect(sleeping).toEqual([])
  })
})

describe('catalogues', () => {
  test('every tool file is in the catalogue under its own name', () => {
    const files = sources.filter(
      (file) =>
        /^tools\/(media|publish|insight|brand|compliance|memory|vault|report|system)\/[a-z-]+\.ts$/.test(
          file,
        ) && /defineTool\(/.test(readSource(file)),
    )
    expect(tools.map((tool) => tool.name).sort()).toEqual(
      files.map((file) => file.split('/').at(-1)?.replace('.ts', '')).sort(),
    )
  })

  test('every tool is used by an agent', () => {
    const used = new Set(roster.flatMap((agent) => agent.tools.map((tool) => tool.name)))
    expect(tools.filter((tool) => !used.has(tool.name)).map((tool) => tool.name)).toEqual([])
  })

  test('every agent has a prompt beside it', () => {
    for (const agent of roster) expect(existsSync(join(ROOT, 'agents', agent.role, 'prompt.md'))).toBe(true)
  })

  test("README's error table and the code's name the same errors", () => {
    const named = [...readSource('README.md').matchAll(/<a id="error-([a-z-]+)">/g)].map((match) => match[1])
    expect(named.sort()).toEqual(Object.keys(ERRORS).sort())
  })
})

describe('generated documents', () => {
  for (const part of generatedParts) {
    test(`${part.file}: "${part.name}" is up to date (npm run fix writes it)`, async () => {
      expect(part.read()).toBe(await part.render())
    })
  }
})
