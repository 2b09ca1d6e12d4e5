import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readMp4 } from '../../../runtime/sandbox/media/mp4.ts'
import { NEWER_THAN_THE_SPEC, PARAMETERS } from '../../../runtime/sandbox/networks/instagram/contract.ts'
import { NODE_FIELDS } from '../../../runtime/sandbox/networks/instagram/nodes.ts'

const SHARED = join(import.meta.dirname, '../../../../shared')
const META = join(SHARED, 'specs/meta')

const Spec = z.object({
  apis: z.array(
    z.object({
      method: z.string(),
      endpoint: z.string().optional(),
      name: z.string().optional(),
      params: z.array(z.object({ name: z.string(), type: z.string(), required: z.boolean() })),
    }),
  ),
  fields: z.array(z.object({ name: z.string() })),
})
const Enums = z.array(z.object({ name: z.string(), values: z.array(z.string()) }))

const read = (file: string): unknown => JSON.parse(readFileSync(join(META, file), 'utf8'))
const spec = (name: string) => Spec.parse(read(`${name}.json`))

/** Graph's own on every edge, in no spec. */
const GENERIC = ['fields', 'limit', 'after', 'before']

const OPERATIONS: [operation: keyof typeof PARAMETERS, node: string, method: string, edge: string][] = [
  ['createContainer', 'IGUser', 'POST', 'media'],
  ['publishContainer', 'IGUser', 'POST', 'media_publish'],
  ['listMedia', 'IGUser', 'GET', 'media'],
  ['listStories', 'IGUser', 'GET', 'stories'],
  ['publishingLimit', 'IGUser', 'GET', 'content_publishing_limit'],
  ['accountInsights', 'IGUser', 'GET', 'insights'],
  ['mediaInsights', 'IGMedia', 'GET', 'insights'],
  ['listComments', 'IGMedia', 'GET', 'comments'],
  ['writeComment', 'IGMedia', 'POST', 'comments'],
  ['writeComment', 'IGComment', 'POST', 'replies'],
  ['editMedia', 'IGMedia', 'POST', '#update'],
  ['editComment', 'IGComment', 'POST', '#update'],
  ['nothing', 'IGMedia', 'DELETE', '#delete'],
  ['nothing', 'IGComment', 'DELETE', '#delete'],
  ['refreshToken', 'IGRefreshAccessTokenForIGOnlyAPI', 'GET', '#get'],
]

describe.skipIf(!existsSync(META))('Instagram’s contract against the codegen specs (needs ../shared)', () => {
  it.each(OPERATIONS)('%s takes only what %s %s %s names', (operation, node, method, edge) => {
    const api = spec(node).apis.find((one) => one.method === method && (one.endpoint ?? one.name) === edge)
    const named = api?.params.map((parameter) => parameter.name) ?? []
    const newer: readonly string[] =
      operation === 'createContainer' ? NEWER_THAN_THE_SPEC.createContainer : []
    const taken = Object.keys(PARAMETERS[operation].shape)
    expect(api).toBeDefined()
    expect(taken.filter((name) => ![...named, ...GENERIC, ...newer].includes(name))).toEqual([])
  })

  it('takes every parameter of media and demands every required one', () => {
    const media = spec('IGUser').apis.find((one) => one.method === 'POST' && one.endpoint === 'media')
    expect(
      media?.params.map(({ name }) => name).filter((name) => !(name in PARAMETERS.createContainer.shape)),
    ).toEqual([])
    for (const [operation, node, method, edge] of OPERATIONS) {
      const api = spec(node).apis.find((one) => one.method === method && (one.endpoint ?? one.name) === edge)
      for (const { name } of api?.params.filter(({ required }) => required) ?? []) {
        if (name === 'access_token') continue
        const field = (PARAMETERS[operation].shape as Record<string, z.ZodType>)[name]
        expect([operation, name, field?.safeParse(undefined).success]).toEqual([operation, name, false])
      }
    }
  })

  it('accepts exactly the enums of the spec', () => {
    const enums = Enums.parse(read('enum_types.json'))
    const values = (name: string) => enums.find((one) => one.name === name)?.values.toSorted()
    const accepted = (schema: z.ZodType, candidates: string[]) =>
      candidates.filter((one) => schema.safeParse(one).success)
    const everything = enums.flatMap((one) => one.values)
    const check = (schema: z.ZodType, ...names: string[]) => {
      const expected = names.map(values).find((list) => list !== undefined)
      expect(expected).toBeDefined()
      expect([...new Set(accepted(schema, everything))].toSorted()).toEqual(expected)
    }
    const { mediaInsights, accountInsights } = PARAMETERS
    check(mediaInsights.shape.metric, 'shadowigmediainsights_metric_enum_param')
    check(mediaInsights.shape.period, 'shadowigmediainsights_period_enum_param')
    check(accountInsights.shape.metric, 'shadowiguserinsights_metric_enum_param')
    check(accountInsights.shape.period, 'shadowiguserinsights_period_enum_param')
    check(accountInsights.shape.metric_type, 'shadowiguserinsights_metric_type_enum_param')
    check(accountInsights.shape.breakdown, 'shadowiguserinsights_breakdown_enum_param')
    check(accountInsights.shape.timeframe, 'shadowiguserinsights_timeframe_enum_param')
  })

  it.each(Object.entries(NODE_FIELDS))(
    'answers on %s only with fields and edges the spec names',
    (node, fields) => {
      const names = [node, ...(ALIASES[node] ?? [])].flatMap((name) => {
        const { apis, fields } = spec(name)
        return [...fields.map((field) => field.name), ...apis.map((api) => api.endpoint ?? '')]
      })
      expect(fields.length).toBeGreaterThan(3)
      expect(fields.filter((field) => !names.includes(field))).toEqual([])
    },
  )
})

const ALIASES: Record<string, string[]> = { IGUser: ['IGUserForIGOnlyAPI'], IGMedia: ['IGMediaForIGOnlyAPI'] }

describe.skipIf(!existsSync(join(SHARED, 'media')))('the MP4 reader on real films (needs ../shared)', () => {
  it('reads every one of them', () => {
    const films = readdirSync(join(SHARED, 'media')).filter((file) => file.endsWith('.mp4'))
    const facts = films.map((file) => [file, readMp4(join(SHARED, 'media', file))])
    expect(Object.fromEntries(facts)).toMatchObject({
      'counter.mp4': { video: { framesPerSecond: 10, width: 1920 } },
      'fades.mp4': { video: { width: 480, height: 320, framesPerSecond: 25 } },
      'fixed-camera.mp4': { video: { width: 768, height: 432, framesPerSecond: 12.5 } },
    })
  })
})
