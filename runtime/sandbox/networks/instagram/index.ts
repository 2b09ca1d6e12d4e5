/** The Instagram of the sandbox: graph.instagram.com, graph.facebook.com and rupload.facebook.com, with its pages. */
import { MINUTE } from '../../../core/clock.ts'
import { fromUnknown } from '../../../core/errors.ts'
import type { RefusalKind } from '../../faults.ts'
import type { Operation } from '../../operation.ts'
import type { Network, WireCall, WireReply, WireRequest } from '../../wire.ts'
import type { World } from '../../world.ts'
import { type RawParameters, readParameters } from '../graph/parameters.ts'
import { GRAPH_PROBLEMS, type GraphProblem, GraphRefusal, graphErrorReply } from '../graph/refusal.ts'
import { authenticate, TOKEN_PROBLEMS } from '../graph/token.ts'
import { openUsage, type Usage } from '../graph/usage.ts'
import { splitPath } from '../graph/version.ts'
import { openContainers } from './containers.ts'
import { type Call, type Instagram, NETWORK } from './context.ts'
import { FACEBOOK_LOGIN_HOST, INSTAGRAM_LOGIN_HOST, MEDIA_HOST, PAGE_HOST, UPLOAD_HOST } from './contract.ts'
import { startPull } from './create-container.ts'
import { findOwnMedia } from './nodes.ts'
import { openPages } from './pages.ts'
import { IG } from './problems.ts'
import { refreshToken } from './refresh-token.ts'
import { ACCOUNT_ROUTES, COMMENT_ROUTES, CONTAINER_ROUTES, MEDIA_ROUTES, type Route } from './routes.ts'
import { uploadBytes } from './upload-bytes.ts'

type Unanswered = Omit<Call, 'fault'>

const UPLOAD: Operation = { name: 'upload', traits: ['writes', 'uploads', 'processes'] }
const REFRESH: Operation = { name: 'refresh_token', traits: [] }

const FAULT_PROBLEMS: Record<Exclude<RefusalKind, 'token-death'>, GraphProblem> = {
  'error-500-before': IG.serviceDown,
  'error-500-after-accept': IG.unknown,
  throttle: IG.throttled,
  'daily-cap': IG.dailyCap,
  'spam-refusal': IG.spam,
}

export function openInstagram(world: World): Network {
  const usage = openUsage(world, { type: 'instagram', problem: IG.throttled })
  const ig: Instagram = {
    world,
    containers: openContainers(world.store, world.clock),
    uploading: new Set(),
    stop: world.stop,
  }
  return {
    name: NETWORK,
    apiHosts: [INSTAGRAM_LOGIN_HOST, FACEBOOK_LOGIN_HOST, UPLOAD_HOST],
    pageHosts: [PAGE_HOST, MEDIA_HOST],
    recognise: (request) => recognise(ig, usage, request),
    refuse: (kind, account, requestId) => {
      if (kind !== 'token-death') {
        const headers = kind === 'throttle' && account ? usage.throttledHeaders(account, MINUTE) : undefined
        return graphErrorReply(FAULT_PROBLEMS[kind], requestId, headers)
      }
      if (account) world.accounts.killTokens(NETWORK, account.id, 'password-changed')
      return graphErrorReply(TOKEN_PROBLEMS['password-changed'], requestId)
    },
    fail: (error, requestId) => {
      if (error instanceof GraphRefusal) return graphErrorReply(error.problem, requestId, error.headers)
      world.log('instagram failed inside', { requestId, error: fromUnknown(error).message })
      return graphErrorReply(GRAPH_PROBLEMS.unknown, requestId)
    },
    ...openPages(world),
    resume: () => {
      for (const container of ig.containers.listPulling()) startPull(ig, container)
    },
  }
}

async function recognise(ig: Instagram, usage: Usage, request: WireRequest): Promise<WireCall> {
  if (request.host === UPLOAD_HOST) return recogniseUpload(ig, request)
  const { version, segments } = splitPath(request.path)
  const parameters = await readParameters(request)
  const { account, token } = authenticate(ig.world, NETWORK, request, parameters)
  const unanswered: Unanswered = { ig, request, parameters, account, version }
  const [id = '', edge = ''] = segments
  usage.count(account)
  if (id === 'refresh_access_token' && request.method === 'GET' && request.host === INSTAGRAM_LOGIN_HOST) {
    return answer(usage, unanswered, REFRESH, (call) => refreshToken(call, token))
  }
  if (version === undefined || segments.length > 2)
    throw new GraphRefusal(GRAPH_PROBLEMS.unknownPath, `Unknown path components: ${request.path}`)
  return recogniseNode(usage, unanswered, id, `${request.method} ${edge}`)
}

function recogniseNode(usage: Usage, unanswered: Unanswered, id: string, key: string): WireCall {
  const { ig, account, request } = unanswered
  const isMe = id === 'me' && request.host === INSTAGRAM_LOGIN_HOST
  const bind = <Node>(table: Readonly<Record<string, Route<Node>>>, node: Node): WireCall => {
    const route = Object.hasOwn(table, key) ? table[key] : undefined
    if (!route)
      throw new GraphRefusal(GRAPH_PROBLEMS.unknownPath, `Unsupported ${key.trim()} request on this object`)
    return answer(usage, unanswered, route.operation, (call) => route.run(call, node))
  }
  if (isMe || id === account.id) return bind(ACCOUNT_ROUTES, undefined)
  const container = ig.containers.find(id)
  if (container?.accountId === account.id) return bind(CONTAINER_ROUTES, container)
  const publication = findOwnMedia(ig, account, id)
  if (publication) return bind(MEDIA_ROUTES, publication)
  const comment = ig.world.comments.find(NETWORK, id)
  const parent = comment && ig.world.publications.findBySeq(comment.publicationSeq)
  if (comment && parent?.accountId === account.id)
    return bind(COMMENT_ROUTES, { comment, publication: parent })
  throw new GraphRefusal(
    GRAPH_PROBLEMS.notThere,
    GRAPH_PROBLEMS.notThere.message.replace('Object', `Object with ID '${id}'`),
  )
}

function recogniseUpload(ig: Instagram, request: WireRequest): WireCall {
  const [prefix, version, id, ...rest] = request.path.split('/').filter((segment) => segment !== '')
  const isKnown = prefix === 'ig-api-upload' && version !== undefined && id !== undefined && rest.length === 0
  if (!isKnown || request.method !== 'POST') throw new GraphRefusal(GRAPH_PROBLEMS.unknownPath)
  splitPath(`/${version}/${id}`)
  const parameters: RawParameters = new Map()
  const { account } = authenticate(ig.world, NETWORK, request, parameters)
  const container = ig.containers.find(id)
  if (container?.accountId !== account.id) throw new GraphRefusal(IG.mediaNotFound)
  const unanswered: Unanswered = { ig, request, parameters, account, version }
  return { operation: UPLOAD, account, perform: (fault) => uploadBytes({ ...unanswered, fault }, container) }
}

/** Every answer of the graph hosts carries the usage headers. */
function answer(
  usage: Usage,
  unanswered: Unanswered,
  operation: Operation,
  run: (call: Call) => WireReply | Promise<WireReply>,
): WireCall {
  const { account } = unanswered
  return {
    operation,
    account,
    perform: async (fault) => {
      const reply = await run({ ...unanswered, fault })
      return { ...reply, headers: { ...usage.headers(account), ...reply.headers } }
    },
  }
}
