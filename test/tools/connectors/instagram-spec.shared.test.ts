/** Every request the connector makes, held against Meta's own codegen specs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sha256Hex } from '../../../runtime/core/digest.ts'
import type { PublishDraft } from '../../../runtime/core/ports/publisher.ts'
import type { WireRequest } from '../../../runtime/core/ports/wire.ts'
import { connectors } from '../../../tools/connectors/index.ts'
import { grantFor, type PublisherDouble, readerOf } from '../../conformance/publisher.ts'
import { openInstagramDouble } from './instagram-double.ts'

const META = join(import.meta.dirname, '../../../../shared/specs/meta')

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

/** Documented, but younger than the specs (Graph v25) or Graph's own on every node. */
const NEWER: Readonly<Record<string, readonly string[]>> = { 'POST IGUser/media': ['is_ai_generated'] }
const GENERIC = ['fields', 'limit', 'after']
/** Fields of answers that the specs leave out: `user_id` is how Instagram Login names the account of a token. */
const NEWER_FIELDS: Readonly<Record<string, readonly string[]>> = { IGUser: ['user_id'] }

interface Target {
  node: 'IGUser' | 'IGMedia' | 'ShadowIGMediaBuilder'
  edge: string
}

/** Which node a path is about, by the ids of the run. */
function targetOf(request: WireRequest, ids: { account: string; containers: ReadonlySet<string> }): Target {
  const [version, id = '', edge] = new URL(request.url).pathname.slice(1).split('/')
  expect(version).toBe('v26.0')
  const node =
    id === ids.account || id === 'me' ? 'IGUser' : ids.containers.has(id) ? 'ShadowIGMediaBuilder' : 'IGMedia'
  const own = { GET: '#get', POST: '#update', DELETE: '#delete' }[request.method as 'GET' | 'POST' | 'DELETE']
  return { node, edge: edge ?? own }
}

function problemsOf(request: WireRequest, target: Target): string[] {
  const { node, edge } = target
  const spec = Spec.parse(read(`${node}.json`))
  const api = spec.apis.find((one) => one.method === request.method && (one.endpoint ?? one.name) === edge)
  const what = `${request.method} ${node}/${edge}`
  if (!api) return [`${what} is in no spec`]
  const given = Object.entries({ ...request.query, ...request.form }).filter(
    ([, value]) => value !== undefined,
  )
  const known = new Map(api.params.map((param) => [param.name, param.type]))
  const allowed = [...known.keys(), ...GENERIC, ...(NEWER[what] ?? [])]
  const unknown = given
    .filter(([name]) => !allowed.includes(name))
    .map(([name]) => `${what}: unknown ${name}`)
  const missing = api.params
    .filter(({ name, required }) => required && !given.some(([one]) => one === name))
    .map(({ name }) => `${what}: ${name} is required`)
  const wrong = given.flatMap(([name, value]) => {
    const type = known.get(name)
    return type === undefined || isOfType(type, String(value))
      ? []
      : [`${what}: ${name}=${value} is no ${type}`]
  })
  return [...unknown, ...missing, ...wrong, ...unknownFields(request, node, spec)]
}

function isOfType(type: string, value: string): boolean {
  const list = /^list<(.+)>$/.exec(type)
  if (list) return value.split(',').every((one) => isOfType(list[1] ?? '', one))
  const enums = Enums.parse(read('enum_types.json')).find(({ name }) => name === type)
  if (enums) return enums.values.includes(value)
  if (type === 'bool') return value === 'true' || value === 'false'
  return type === 'int' || type === 'unsigned int' ? /^\d+$/.test(value) : true
}

/** Fields asked for of a node itself, or of the nodes an edge leads to. */
function unknownFields(request: WireRequest, node: Target['node'], own: z.output<typeof Spec>): string[] {
  const path = new URL(request.url).pathname
  const fields = String(request.query?.fields ?? '')
    .split(',')
    .filter(Boolean)
  const shown = /\/media$/.test(path) ? 'IGMedia' : /\/comments$/.test(path) ? 'IGComment' : undefined
  const spec = /content_publishing_limit$/.test(path) ? 'ContentPublishingLimitResponse' : shown
  const known = (spec ? Spec.parse(read(`${spec}.json`)) : own).fields.map(({ name }) => name)
  const newer = NEWER_FIELDS[node] ?? []
  return fields
    .filter((name) => ![...known, ...newer].includes(name))
    .map((name) => `${path}: unknown field ${name}`)
}

describe.skipIf(!existsSync(META))('Instagram’s requests against the codegen specs (needs ../shared)', () => {
  let double: PublisherDouble
  const requests: WireRequest[] = []
  const containers = new Set<string>()
  beforeAll(async () => {
    double = await openInstagramDouble()
    const { account, film, clock } = double
    const send = (request: WireRequest) => {
      requests.push(request)
      return double.wire.send(request)
    }
    const wire = { send }
    const signal = new AbortController().signal
    const ports = { wire, blobs: readerOf(film), account, nowMs: clock.nowMs, sleep: clock.sleep, signal }
    const publisher = connectors.instagram.publisher(ports)
    const media = {
      sha256: sha256Hex(film),
      bytes: film.length,
      mediaType: 'video/mp4',
      durationMs: 8_000,
      width: 1080,
      height: 1920,
    }
    const options = { shareToFeed: false, isAiGenerated: true, coverOffsetMs: 1_000, audioName: 'Luna' }
    const draft: PublishDraft = {
      publicationId: 'p',
      caption: 'Every word #new',
      altText: '',
      media,
      coverSha256: null,
      options,
      armedAtMs: 0,
    }
    await connectors.instagram.whoAmI({ wire, signal }, account.token)
    const handle = await publisher.prepare(
      draft,
      undefined,
      async (saved) => void containers.add(String(saved.containerId)),
    )
    const { remoteId = '' } = await publisher.commit(grantFor(account), handle)
    await publisher.lookup(handle, draft)
    await publisher.verify(remoteId)
    await publisher.metrics(remoteId)
    await publisher.comments(remoteId)
    await publisher.accountMetrics()
    await publisher.remove(grantFor(account), remoteId).catch(() => undefined)
  })
  afterAll(() => double[Symbol.asyncDispose]())

  test('every verb was tried', () => {
    const made = new Set(
      requests.map(({ method, url }) => `${method} ${new URL(url).pathname.replace(/\d{5,}/g, 'id')}`),
    )
    expect([...made].sort()).toEqual([
      'DELETE /v26.0/id',
      'GET /v26.0/id',
      'GET /v26.0/id/comments',
      'GET /v26.0/id/content_publishing_limit',
      'GET /v26.0/id/insights',
      'GET /v26.0/id/media',
      'GET /v26.0/me',
      'POST /ig-api-upload/v26.0/id',
      'POST /v26.0/id/media',
      'POST /v26.0/id/media_publish',
    ])
  })

  test('none has an unknown parameter, lacks a required one or has a wrong type or enum', () => {
    const ids = { account: double.account.remoteId, containers }
    const graph = requests.filter(({ url }) => !url.startsWith('https://rupload.facebook.com'))
    expect(graph.flatMap((request) => problemsOf(request, targetOf(request, ids)))).toEqual([])
  })

  test('the check itself sees what is wrong', () => {
    const form = { media_type: 'REELS', captoin: 'x', share_to_feed: 'maybe' }
    const request: WireRequest = {
      method: 'POST',
      url: 'https://graph.instagram.com/v26.0/1/media',
      call: 'once',
      form,
    }
    expect(problemsOf(request, { node: 'IGUser', edge: 'media' })).toEqual([
      'POST IGUser/media: unknown captoin',
      'POST IGUser/media: share_to_feed=maybe is no bool',
    ])
    expect(problemsOf({ ...request, form: {} }, { node: 'IGUser', edge: 'media_publish' })).toEqual([
      'POST IGUser/media_publish: creation_id is required',
    ])
    const query = { metric: 'views,glances' }
    const insights: WireRequest = {
      method: 'GET',
      url: 'https://graph.instagram.com/v26.0/1/insights',
      call: 'safe',
      query,
    }
    expect(problemsOf(insights, { node: 'IGMedia', edge: 'insights' })).toHaveLength(1)
  })
})
