import { z } from 'zod'
import { createBrand, updateBrand } from '../../../db/queries/brand-changes.ts'
import { pageBrands, readBrand } from '../../../db/queries/pages.ts'
import { Zone } from '../../config/agents-file.ts'
import { Brand as BrandEntity, Language, Voice } from '../../core/entities.ts'
import { parseBrandGuide } from '../brand-guide.ts'
import { readText } from '../json-body.ts'
import { answerPage, ListQuery, listOf } from '../lists.ts'
import { defineRawRoute, defineRoute } from '../route.ts'
import { parse } from '../serve-route.ts'
import { Brand, IdParams, Reason } from '../shapes.ts'

const { goals, competitors, facts } = BrandEntity.shape
const VoiceInput = Voice.partial().strict()

const NewBrand = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    language: Language.default('en'),
    zone: Zone.default('UTC'),
    voice: VoiceInput.prefault({}),
    goals,
    competitors,
    facts,
  })
  .meta({ id: 'NewBrand' })

/** Without defaults: a field that is not sent stays as it is. */
const BrandChange = z
  .strictObject({
    name: z.string().trim().min(1).max(200).optional(),
    language: Language.optional(),
    zone: Zone.optional(),
    voice: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Given fields of the voice replace the old ones'),
    goals: goals.unwrap().optional(),
    competitors: competitors.unwrap().optional(),
    facts: facts.unwrap().optional(),
  })
  .meta({ id: 'BrandChange' })

const getBrands = defineRoute({
  method: 'get',
  path: '/v1/brands',
  tag: 'brands',
  summary: 'Brands, newest first',
  scope: 'read',
  query: ListQuery,
  answer: listOf(Brand),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => answerPage(query, (at) => pageBrands(tx, at))),
})

const postBrand = defineRoute({
  method: 'post',
  path: '/v1/brands',
  tag: 'brands',
  summary: 'Make a brand',
  scope: 'write',
  body: NewBrand,
  answer: Brand,
  status: 201,
  async run({ body }, { ports, tenantId }) {
    const voice = Voice.parse(body.voice)
    const brand = await ports.database.tenant(tenantId, (tx) =>
      createBrand(tx, ports.clock, { ...body, voice }),
    )
    await ports.planCycles(tenantId, brand.id)
    return brand
  },
})

const getBrand = defineRoute({
  method: 'get',
  path: '/v1/brands/{id}',
  tag: 'brands',
  summary: 'One brand',
  scope: 'read',
  params: IdParams,
  answer: Brand,
  run: ({ params }, { ports, tenantId }) => ports.database.tenant(tenantId, (tx) => readBrand(tx, params.id)),
})

const patchBrand = defineRoute({
  method: 'patch',
  path: '/v1/brands/{id}',
  tag: 'brands',
  summary: 'Change a brand; what is not sent stays',
  scope: 'write',
  params: IdParams,
  body: BrandChange,
  answer: Brand,
  run: ({ params, body }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      const { voice } = await readBrand(tx, params.id)
      const changed = body.voice && parse(Voice.strict(), { ...voice, ...body.voice }, 'body: voice')
      return updateBrand(tx, params.id, { ...body, voice: changed as Voice | undefined })
    }),
})

const putGuide = defineRawRoute({
  method: 'put',
  path: '/v1/brands/{id}/guide',
  tag: 'brands',
  summary: 'Read a brand guide (JSON, YAML or Markdown) into the brand',
  scope: 'write',
  params: IdParams,
  accepts: { 'application/json': BrandChange, 'application/yaml': z.string(), 'text/markdown': z.string() },
  answers: { status: 200, mediaType: 'application/json', schema: Brand },
  async run(c, { ports, tenantId }) {
    const { id } = parse(IdParams, c.req.param(), 'path') as { id: string }
    const text = await readText(c, ports.config.limits.bodyBytes)
    const guide = parseBrandGuide(text, c.req.header('content-type') ?? '')
    const { name, language, zone, voice, ...rest } = parse(BrandChange, guide, 'guide') as z.output<
      typeof BrandChange
    >
    const brand = await ports.database.tenant(tenantId, async (tx) => {
      const before = await readBrand(tx, id)
      const merged = parse(Voice.strict(), { ...before.voice, ...voice }, 'guide: voice') as Voice
      return updateBrand(tx, id, { name, language, zone, voice: merged, ...rest })
    })
    return c.json(brand)
  },
})

const freezeBrand = defineRoute({
  method: 'post',
  path: '/v1/brands/{id}/freeze',
  tag: 'brands',
  summary: 'Hold every act of this brand until thawed',
  scope: 'admin',
  params: IdParams,
  body: Reason,
  answer: Brand,
  async run({ params, body }, { ports, principal, tenantId }) {
    await ports.acts.freeze(tenantId, params.id, principal.keyName, body.reason ?? 'frozen by a person')
    return await ports.database.tenant(tenantId, (tx) => readBrand(tx, params.id))
  },
})

const thawBrand = defineRoute({
  method: 'post',
  path: '/v1/brands/{id}/thaw',
  tag: 'brands',
  summary: 'Let the brand act again',
  scope: 'admin',
  params: IdParams,
  body: Reason,
  answer: Brand,
  async run({ params }, { ports, principal, tenantId }) {
    await ports.acts.thaw(tenantId, params.id, principal.keyName)
    return await ports.database.tenant(tenantId, (tx) => readBrand(tx, params.id))
  },
})

export const brandRoutes = [getBrands, postBrand, getBrand, patchBrand, putGuide, freezeBrand, thawBrand]
