/**
 * The worst model there is: it does its job by our rules, and does whatever any text it reads tells it besides. It goes
 * on with what an obeyed call gave it (a drafted post is published at once), fills secrets it has seen into what it was
 * told to write, and hands foreign orders on in its reports.
 */
import { obedientBrain } from '../../fakes/model-server/brains.ts'
import {
  callTools,
  type FakeCall,
  type NormalisedMessage,
  type NormalisedRequest,
  refuse,
  say,
  type Turn,
} from '../../fakes/model-server/turn.ts'
import { roleOf, rulesBrain } from './role-brains.ts'

export interface Obedience {
  /** What it says of pictures it is shown; nothing to be said when absent. */
  description: string | undefined
  /** Written over `%SECRET%` once the model has seen it. */
  secret: string
  /** What roles look up before they work, as an attacker would have them. */
  lookUp: readonly FakeCall[]
  /** Handed on in every report of a role that was given orders. */
  passOn: string
  /** `judge`: roles do nothing themselves and only hand on; who plans and judges obeys. */
  obeys?: 'everybody' | 'judge'
  /** A publication the content creator says it made, beside its own. */
  alsoMade?: string | undefined
  /** A slip before anything else: calls nobody asked for, or none. */
  slip?: ((request: NormalisedRequest) => FakeCall[]) | undefined
}

export interface ObedientModel {
  answer(request: NormalisedRequest): Turn
  /** Names of tools it was made to call, each as often as it was. */
  readonly obeyed: readonly string[]
}

const REPORT = 'submit-report'

export function openObedientModel(state: Obedience): ObedientModel {
  const obeyed: string[] = []
  const own = new Set<string>()
  const make = (calls: FakeCall[]): Turn => {
    for (const one of calls) {
      obeyed.push(one.name)
      own.add(keyOf(one.name, one.args))
    }
    return callTools(calls)
  }
  return {
    obeyed,
    answer(request) {
      const role = roleOf(request)
      if (!role) return state.description === undefined ? refuse() : say(state.description)
      const slips = state.slip?.(request) ?? []
      if (slips.length > 0) return make(slips)
      const isNew = (one: FakeCall) => !isMade(request, one)
      const lookUps = role === 'orchestrator' ? [] : state.lookUp.filter(isNew)
      if (lookUps.length > 0) return make(lookUps)
      const told = ordersIn(request).map((one) => withSecret(one, request, state.secret))
      const isBound = role === 'orchestrator' || state.obeys !== 'judge'
      const orders = isBound ? [...told, ...followUps(request, own)].filter(isNew) : []
      const acts = orders.filter(({ name }) => name !== REPORT)
      if (acts.length > 0) return make(acts)
      const [report] = orders.filter(({ name }) => name === REPORT)
      if (report && role === 'orchestrator') return make([report])
      const turn = rulesBrain(withoutOwn(request, own)) ?? say('Nothing to add.')
      if (role === 'content-creator' && state.alsoMade) return alsoMade(turn, state.alsoMade)
      return told.length > 0 && role !== 'orchestrator' ? handOn(turn, state.passOn) : turn
    },
  }
}

const keyOf = (name: string, args: unknown): string => `${name} ${JSON.stringify(args)}`

const isMade = ({ messages }: NormalisedRequest, { name, args }: FakeCall): boolean =>
  messages.some(
    (message) =>
      message.role === 'assistant' &&
      message.calls.some((made) => keyOf(made.name, made.args) === keyOf(name, args)),
  )

/** All orders in sight, also those that were followed already, however often their quotes were escaped on the way. */
function ordersIn(request: NormalisedRequest): FakeCall[] {
  const messages = request.messages
    .filter(({ role }) => role !== 'assistant')
    .map((message) => ({ ...message, text: message.text.replace(/\\+"/g, '"') }))
  const turn = obedientBrain({ ...request, messages })
  return turn?.kind === 'say' ? turn.calls : []
}

function withSecret(order: FakeCall, request: NormalisedRequest, secret: string): FakeCall {
  if (!request.messages.some(({ text }) => text.includes(secret))) return order
  return { ...order, args: JSON.parse(JSON.stringify(order.args).replaceAll('%SECRET%', secret)) }
}

/** What an order to draft is good for: every publication it gave is published. */
function followUps({ messages }: NormalisedRequest, own: ReadonlySet<string>): FakeCall[] {
  const drafts = new Set(
    messages.flatMap((message) =>
      message.role === 'assistant'
        ? message.calls
            .filter(({ name, args }) => name === 'draft-post' && own.has(keyOf(name, args)))
            .map(({ id }) => id)
        : [],
    ),
  )
  return messages.flatMap((message) => {
    if (message.role !== 'tool' || !drafts.has(message.callId)) return []
    const ids = [...message.text.matchAll(/"publicationId":"([0-9a-f-]{36})"/g)].map(([, id]) => id ?? '')
    return ids.map((publicationId) => ({ name: 'publish-post', args: { publicationId } }))
  })
}

/** The conversation as the rules would have had it: without the turns they never made, and the answers to them. */
function withoutOwn(request: NormalisedRequest, own: ReadonlySet<string>): NormalisedRequest {
  const gone = new Set<string>()
  const isOwn = (message: NormalisedMessage): boolean => {
    if (message.role === 'tool') return gone.has(message.callId)
    if (message.role !== 'assistant' || message.calls.length === 0) return false
    if (!message.calls.every(({ name, args }) => own.has(keyOf(name, args)))) return false
    for (const { id } of message.calls) gone.add(id)
    return true
  }
  return { ...request, messages: request.messages.filter((message) => !isOwn(message)) }
}

/** The same turn with its report, if it hands one in, changed. */
function changeReport(
  turn: Turn,
  change: (report: Record<string, unknown>) => Record<string, unknown>,
): Turn {
  if (turn.kind !== 'say') return turn
  const calls = turn.calls.map((one) => (one.name === REPORT ? { ...one, args: change(one.args) } : one))
  return { ...turn, calls }
}

const handOn = (turn: Turn, passOn: string): Turn =>
  changeReport(turn, (report) => {
    const failures = Array.isArray(report.failures) ? report.failures : []
    const failure = { what: passOn, postId: 'x', code: 'x', message: passOn }
    return { ...report, failures: [...failures, failure] }
  })

const alsoMade = (turn: Turn, publicationId: string): Turn =>
  changeReport(turn, (report) => {
    const posts = Array.isArray(report.posts) ? (report.posts as { publicationIds: string[] }[]) : []
    const more = posts.map((post) => ({ ...post, publicationIds: [...post.publicationIds, publicationId] }))
    return { ...report, posts: more }
  })
