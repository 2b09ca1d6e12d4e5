/** The control API: accounts, clock, faults, audience and the witness log. JSON in and out, every body checked. */
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { fromUnknown, StakazoError, toErrorBody } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { type Account, AccountSettings, NewAccount, TokenDeath } from './accounts.ts'
import { NewFault } from './faults.ts'
import { ClockChange } from './sandbox-clock.ts'
import { Settings } from './settings.ts'
import { SENTIMENTS } from './voices.ts'
import type { Network } from './wire.ts'
import type { WitnessKind } from './witness.ts'
import type { World } from './world.ts'

export interface ControlOptions {
  instanceId: string
  startedAt: string
  pid: number
  /** Ends the process after the answer is out. */
  stop(): void
}

const WITNESS_KINDS = [
  'account',
  'container',
  'bytes',
  'publish',
  'edit',
  'comment',
  'reply',
  'hide',
  'delete',
  'token',
  'fault',
] as const satisfies readonly WitnessKind[]

const AccountChange = z.strictObject({
  followers: z.int().min(0).optional(),
  settings: z
    .strictObject({ ...AccountSettings.shape, callsPerHour: z.int().min(1) })
    .partial()
    .optional(),
})

const TokenChange = z.union([
  z.strictObject({ death: TokenDeath }),
  z.strictObject({
    renew: z.literal(true),
    token: z.string().min(8).max(500).optional(),
    lifeMs: z.int().min(1).optional(),
  }),
])

const LogQuery = z.strictObject({
  kind: z.enum(WITNESS_KINDS).optional(),
  network: z.string().optional(),
  accountId: z.string().optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(1_000),
})

const SummaryQuery = z.strictObject({ network: z.string().optional(), accountId: z.string().optional() })

const PlantedComment = z.strictObject({
  network: z.string(),
  publicationId: z.string(),
  username: z.string().regex(/^[A-Za-z0-9._]{1,30}$/),
  text: z.string().min(1).max(2_200),
  sentiment: z.enum(SENTIMENTS).default('neutral'),
  parentId: z.string().optional(),
})

/** A spike or a crisis: so many more views, likes and comments of one mood over a while. */
const PlantedBoost = z
  .strictObject({
    network: z.string(),
    publicationId: z.string().optional(),
    accountId: z.string().optional(),
    kind: z.enum(['spike', 'crisis']).default('spike'),
    views: z.int().min(0).max(100_000_000).optional(),
    likes: z.int().min(0).max(10_000_000).optional(),
    comments: z.int().min(0).max(2_000).optional(),
    sentiment: z.enum(SENTIMENTS).optional(),
    durationMs: z.int().min(0).default(3_600_000),
  })
  .refine((boost) => (boost.publicationId === undefined) !== (boost.accountId === undefined), {
    message: 'give publicationId or accountId',
  })

const BOOSTS = {
  spike: { views: 20_000, likes: 1_400, comments: 60, sentiment: 'positive' },
  crisis: { views: 8_000, likes: 40, comments: 80, sentiment: 'negative' },
} as const

/** An account-wide boost falls on what people see: its newest posts. */
const BOOSTED_POSTS = 3

export function createControl(world: World, networks: Network[], options: ControlOptions): Hono {
  const app = new Hono().basePath('/control')
  app.onError((error, context) => {
    const known = fromUnknown(error)
    if (known.code === 'bug') world.log('the control API failed', { error: known.message })
    return context.json({ error: toErrorBody(known) }, known.row.status as 400)
  })
  app.notFound((context) =>
    context.json({ error: toErrorBody(new StakazoError('not-found', `no ${context.req.path} here`)) }, 404),
  )
  app.get('/health', (context) =>
    context.json({
      service: 'stakazo-sandbox',
      instanceId: options.instanceId,
      pid: options.pid,
      startedAt: options.startedAt,
      dataDir: world.store.dataDir,
      networks: networks.map(({ name, apiHosts, pageHosts }) => ({ name, apiHosts, pageHosts })),
      clock: world.clock.reading(),
    }),
  )
  app.post('/stop', (context) => {
    options.stop()
    return context.json({ isStopping: true })
  })
  mountTime(app, world)
  mountAccounts(app, world, networks)
  mountFaults(app, world, networks)
  mountWitness(app, world)
  mountAudience(app, world)
  return app
}

function mountTime(app: Hono, { clock, settings }: World): void {
  app.get('/clock', (context) => context.json(clock.reading()))
  app.put('/clock', async (context) => context.json(clock.wind(await readBody(context, ClockChange))))
  app.get('/settings', (context) => context.json(settings.read()))
  app.put('/settings', async (context) =>
    context.json(settings.change(await readBody(context, Settings.partial()))),
  )
}

function mountAccounts(app: Hono, world: World, networks: Network[]): void {
  const { accounts, store, witness } = world
  const requestId = newId
  app.post('/accounts', async (context) => {
    const wanted = await readBody(context, NewAccount)
    assertNetwork(networks, wanted.network)
    const made = store.transaction(() => {
      const created = accounts.create(wanted)
      witness.append({
        kind: 'account',
        network: wanted.network,
        requestId: requestId(),
        accountId: created.account.id,
      })
      return created
    })
    return context.json({ account: show(made.account), token: made.token }, 201)
  })
  app.get('/accounts', (context) => {
    const { network } = readQuery(context, z.strictObject({ network: z.string().optional() }))
    return context.json({ accounts: accounts.list(network).map(show) })
  })
  app.get('/accounts/:network/:id', (context) =>
    context.json({ account: show(accounts.get(context.req.param('network'), context.req.param('id'))) }),
  )
  app.patch('/accounts/:network/:id', async (context) => {
    const { followers, settings } = await readBody(context, AccountChange)
    const account = accounts.get(context.req.param('network'), context.req.param('id'))
    const change = {
      followers: followers ?? account.followers,
      settings: { ...account.settings, ...settings },
    }
    return context.json({ account: show(accounts.update(account.network, account.id, change)) })
  })
  app.post('/accounts/:network/:id/token', async (context) => {
    const change = await readBody(context, TokenChange)
    const { network, id } = accounts.get(context.req.param('network'), context.req.param('id'))
    if ('death' in change) return context.json({ killed: accounts.killTokens(network, id, change.death) })
    const lifeMs = change.lifeMs ?? NewAccount.shape.tokenLifeMs.parse(undefined)
    return context.json({ token: accounts.addToken(network, id, lifeMs, change.token).token }, 201)
  })
}

function mountFaults(app: Hono, { faults }: World, networks: Network[]): void {
  app.post('/faults', async (context) => {
    const wanted = await readBody(context, NewFault)
    if (wanted.network !== undefined) assertNetwork(networks, wanted.network)
    return context.json({ fault: faults.add(wanted) }, 201)
  })
  app.get('/faults', (context) => context.json({ faults: faults.list() }))
  app.delete('/faults', (context) => context.json({ removed: faults.clear() }))
  app.delete('/faults/:id', (context) => {
    const isRemoved = faults.remove(Number(context.req.param('id')))
    if (!isRemoved) throw new StakazoError('not-found', `no fault ${context.req.param('id')}`)
    return context.json({ removed: 1 })
  })
}

function mountWitness(app: Hono, { witness, publications, store, clock }: World): void {
  app.get('/log', (context) => {
    const query = readQuery(context, LogQuery)
    const entries = witness.list(query)
    return context.json({ entries, next: entries.length === query.limit ? entries.at(-1)?.seq : undefined })
  })
  app.get('/publications', (context) => {
    const { network, accountId } = readQuery(context, SummaryQuery)
    const accounts = publications.summary(network, accountId)
    const sum = (pick: (one: (typeof accounts)[number]) => number) =>
      accounts.reduce((whole, one) => whole + pick(one), 0)
    return context.json({
      total: sum((one) => one.publications),
      duplicates: sum((one) => one.duplicates.reduce((whole, { count }) => whole + count - 1, 0)),
      accounts,
    })
  })
  // the platform takes a post down by itself, as moderation does
  app.post('/publications/:network/:id/remove', (context) => {
    const publication = publications.find(context.req.param('network'), context.req.param('id'))
    if (!publication) throw new StakazoError('not-found', `no publication ${context.req.param('id')}`)
    store.transaction(() => {
      publications.remove(publication)
      witness.append({
        kind: 'delete',
        network: publication.network,
        requestId: newId(clock),
        accountId: publication.accountId,
        mediaId: publication.id,
        detail: { by: 'platform' },
      })
    })
    return context.json({ removed: 1 })
  })
}

function mountAudience(app: Hono, world: World): void {
  app.post('/comments', async (context) => {
    const { network, publicationId, parentId, ...words } = await readBody(context, PlantedComment)
    const publication = getPublication(world, network, publicationId)
    const parent = parentId === undefined ? undefined : world.comments.find(network, parentId)
    if (parentId !== undefined && parent?.publicationSeq !== publication.seq) {
      throw new StakazoError('not-found', `no comment ${parentId} under ${publicationId}`)
    }
    const comment = world.comments.add({
      ...words,
      network,
      publicationSeq: publication.seq,
      parentId: parent && (parent.parentId ?? parent.id),
      likes: 0,
      createdBusinessMs: world.clock.nowMs(),
    })
    return context.json({ comment }, 201)
  })
  app.post('/audience', async (context) => {
    const { network, publicationId, accountId, kind, durationMs, ...given } = await readBody(
      context,
      PlantedBoost,
    )
    const targets =
      publicationId === undefined
        ? world.publications.list(world.accounts.get(network, accountId ?? ''), {
            kind: 'posts',
            limit: BOOSTED_POSTS,
          })
        : [getPublication(world, network, publicationId)]
    const boost = { ...BOOSTS[kind], ...definedOnly(given), durationMs }
    for (const publication of targets) world.engagement.boost(publication, boost)
    return context.json({ boosted: targets.map(({ id }) => id), boost }, 201)
  })
}

function getPublication({ publications }: World, network: string, id: string) {
  const publication = publications.find(network, id)
  if (publication?.removedBusinessMs !== undefined || !publication) {
    throw new StakazoError('not-found', `${network} has no publication ${id} in this sandbox`)
  }
  return publication
}

const definedOnly = <T extends object>(object: T) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

/** An account without its app secret. */
const show = ({ settings: { appSecret, ...settings }, ...account }: Account) => ({
  ...account,
  settings: { ...settings, hasAppSecret: appSecret !== undefined },
})

function assertNetwork(networks: Network[], name: string): void {
  if (networks.some((network) => network.name === name)) return
  const known = networks.map((network) => network.name).join(', ')
  throw new StakazoError('unsupported-platform', `the sandbox speaks ${known}, not ${name}`)
}

async function readBody<T extends z.ZodType>(context: Context, schema: T): Promise<z.output<T>> {
  let body: unknown
  try {
    body = await context.req.json()
  } catch (cause) {
    throw new StakazoError('bad-json', 'the body is not valid JSON', { cause })
  }
  return checked(schema, body)
}

const readQuery = <T extends z.ZodType>(context: Context, schema: T): z.output<T> =>
  checked(schema, context.req.query())

function checked<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new StakazoError('bad-input', z.prettifyError(result.error), { cause: result.error })
}
