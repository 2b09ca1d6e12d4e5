/**
 * I1: nothing reaches the outside world except through the gate. What a tool's kind forbids does not compile; the
 * `@ts-expect-error` lines below turn `tsc` red when it does.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineTool } from '../../../runtime/core/tool.ts'

const ROOT = join(import.meta.dirname, '../../..')

const input = z.object({ id: z.string() })
const output = z.object({})
const said = { name: 'sly', does: 'Pretends.', input, output }
const act = (id: string) => ({ verb: 'publish-post', target: { kind: 'publication', id } }) as const

const tools = [
  defineTool({
    ...said,
    effect: { kind: 'read' },
    async run({ id }, ctx) {
      await ctx.store.getPublication(id)
      // @ts-expect-error a tool that reads cannot act
      await ctx.intend(act(id))
      // @ts-expect-error nor write our own storage
      await ctx.store.cancelPublication(id, 'why not')
      return {}
    },
  }),
  defineTool({
    ...said,
    effect: { kind: 'record' },
    async run({ id }, ctx) {
      await ctx.store.cancelPublication(id, 'why not')
      // @ts-expect-error a tool that records cannot act
      await ctx.intend(act(id))
      return {}
    },
  }),
  defineTool({
    ...said,
    effect: { kind: 'write' },
    async run({ id }, ctx) {
      await ctx.intend(act(id))
      // @ts-expect-error a tool that acts can only ask; nothing it holds can send
      ctx.publisher.commit({}, {})
      return {}
    },
  }),
]

test('every kind of tool has its own reach', () => {
  expect(tools.map(({ effect }) => effect.kind)).toEqual(['read', 'record', 'write'])
})

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))

test('grants are minted, and writing verbs called, in one file', () => {
  const callers = ['runtime', 'tools', 'agents', 'graphs', 'memory', 'db']
    .flatMap(sources)
    .filter((file) =>
      /\.(commit|remove)\((mint|grant)|as Grant\b/.test(readFileSync(join(ROOT, file), 'utf8')),
    )
  expect(callers.sort()).toEqual([
    'runtime/effects/executor.ts',
    // Passing on what the executor minted, nothing else.
    'runtime/effects/verbs/delete-post.ts',
    'runtime/effects/verbs/publish-post.ts',
  ])
})

test('only the one door calls fetch', () => {
  const callers = ['runtime', 'tools', 'agents', 'graphs', 'memory', 'db']
    .flatMap(sources)
    .filter((file) => /(?<![\w.])fetch\(/.test(readFileSync(join(ROOT, file), 'utf8')))
    .filter((file) => !file.startsWith('runtime/sandbox/') && !file.startsWith('runtime/cli/'))
  expect(callers.filter((file) => file !== 'runtime/http.ts')).toEqual([])
})
