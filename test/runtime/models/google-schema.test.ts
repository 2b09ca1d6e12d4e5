import { expect, it } from 'vitest'
import { z } from 'zod'
import { fromGoogleValue, toGoogleSchema } from '../../../runtime/models/google-schema.ts'

const convert = (schema: z.ZodType) => toGoogleSchema(z.toJSONSchema(schema, { io: 'input' }))

it('says a tool’s arguments in Gemini’s dialect', () => {
  const schema = z.object({
    kind: z.literal('clip'),
    level: z.union([z.literal(1), z.literal(2)]),
    at: z.iso.datetime(),
    site: z.url(),
    score: z.number().gt(0).lt(1).nullable(),
    extra: z.record(z.string(), z.string()),
    pick: z.discriminatedUnion('by', [
      z.object({ by: z.literal('id'), id: z.string() }),
      z.object({ by: z.literal('name'), name: z.string() }),
    ]),
  })
  expect(convert(schema)).toEqual({
    type: 'object',
    required: ['kind', 'level', 'at', 'site', 'score', 'extra', 'pick'],
    properties: {
      kind: { type: 'string', enum: ['clip'] },
      level: {
        anyOf: [
          { type: 'number', description: 'One of: 1.' },
          { type: 'number', description: 'One of: 2.' },
        ],
      },
      at: { type: 'string', format: 'date-time', pattern: expect.any(String) },
      site: { type: 'string' },
      score: { type: 'number', minimum: 0, maximum: 1, nullable: true },
      extra: { type: 'string', description: 'A JSON object, written as text.' },
      pick: {
        anyOf: [
          {
            type: 'object',
            required: ['by', 'id'],
            properties: { by: { type: 'string', enum: ['id'] }, id: { type: 'string' } },
          },
          {
            type: 'object',
            required: ['by', 'name'],
            properties: { by: { type: 'string', enum: ['name'] }, name: { type: 'string' } },
          },
        ],
      },
    },
  })
})

it('resolves references and cuts a schema that contains itself', () => {
  interface Folder {
    name: string
    inside: Folder[]
  }
  const Folder: z.ZodType<Folder> = z.lazy(() => z.object({ name: z.string(), inside: z.array(Folder) }))
  const text = JSON.stringify(convert(z.object({ root: Folder })))
  expect(text).not.toMatch(/\$ref|\$defs/)
  expect(text.match(/"name"/g)?.length).toBeGreaterThan(1)
})

it('declares no parameters for a tool without arguments', () => {
  expect(convert(z.object({}))).toBeUndefined()
})

it('reads back as values what had to be asked for as text', () => {
  const schema = z.toJSONSchema(
    z.object({
      extra: z.record(z.string(), z.string()),
      any: z.unknown(),
      list: z.array(z.object({ of: z.record(z.string(), z.int()) })),
      text: z.string(),
    }),
  )
  const answered = { extra: '{"a":"b"}', any: '[1]', list: [{ of: '{"n":1}' }], text: '{"stays":"text"}' }
  expect(fromGoogleValue(answered, schema)).toEqual({
    extra: { a: 'b' },
    any: [1],
    list: [{ of: { n: 1 } }],
    text: '{"stays":"text"}',
  })
})

it('keeps exclusive bounds of whole numbers exact', () => {
  expect(convert(z.object({ count: z.int().gt(0).lt(10) }))?.properties).toEqual({
    count: { type: 'integer', minimum: 1, maximum: 9 },
  })
})
