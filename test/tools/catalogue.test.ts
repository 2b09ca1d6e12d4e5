import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { findTool, tools } from '../../tools/index.ts'

const AREAS = ['media', 'publish', 'insight', 'brand', 'compliance', 'memory', 'vault', 'report', 'system']
const files = AREAS.flatMap((area) =>
  readdirSync(new URL(`../../tools/${area}/`, import.meta.url)).map((name) => name.replace(/\.ts$/, '')),
)

test('every tool is named as its file and listed once', () => {
  const names = tools.map((tool) => tool.name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => !files.includes(name))).toEqual([])
  expect(findTool('publish-post')?.effect.kind).toBe('write')
  expect(findTool('submit-report')).toBeUndefined()
})

test.each(tools.map((tool) => [tool.name, tool] as const))('%s can be told to a model', (_name, tool) => {
  expect(tool.name).toMatch(/^[a-z]+(-[a-z]+)+$|^(recall|remember)$/)
  expect(tool.does.length).toBeGreaterThan(40)
  const schema = z.toJSONSchema(tool.input, { io: 'input' })
  expect(schema.type).toBe('object')
  expect(() => z.toJSONSchema(tool.output, { io: 'output' })).not.toThrow()
})

test('only acting tools leave the house, and each of them asks after foreign text', () => {
  const acting = tools.filter((tool) => !['read', 'record'].includes(tool.effect.kind))
  expect(acting.map((tool) => tool.name)).toEqual(['publish-post', 'schedule-post', 'undo-publication'])
  for (const tool of acting) expect(tool.needsTrust, tool.name).toBeGreaterThan(0)
})

test('clean tools give no free text of others', () => {
  const texts = [
    'describe-clip',
    'list-clips',
    'read-comments',
    'recall',
    'get-vault',
    'list-vault',
    'read-brand',
  ]
  for (const name of texts) expect(findTool(name)?.yields, name).not.toBe('clean')
})
