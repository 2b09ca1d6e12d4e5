/**
 * The guard behind every `fetch` of the process, whoever calls it: ours, a model's SDK, a library. It is undici's global
 * dispatcher, which Node's built-in fetch obeys (seen on Node 22.18 and 24.21 with undici 7.30).
 */
import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Agent, type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import type { World } from './core/effect.ts'
import { StakazoError } from './core/errors.ts'

export interface EgressOptions {
  mode: World
  /** Exact origins the configuration or a connector declared. Anything else is refused. */
  origins: Iterable<string>
  /**
   * Exact origins that may resolve to a private address: what the operator wrote down (a model on this machine, the
   * sandbox). A host a user chose never belongs here.
   */
  privateOrigins?: Iterable<string>
}

export interface Egress extends AsyncDisposable {
  /** Declares further origins, such as a linked account's own server. */
  allow(origin: string): void
  isAllowed(origin: string): boolean
}

/** Replaces the global dispatcher until disposed. In sandbox mode no byte leaves the loopback, declared or not. */
export function installEgress(options: EgressOptions): Egress {
  const privateOrigins = new Set([...(options.privateOrigins ?? [])].map(originOf))
  const allowed = new Set([...[...options.origins].map(originOf), ...privateOrigins])
  const isLoopbackOnly = options.mode === 'sandbox'
  const reach = (isPrivateAllowed: boolean): Reach =>
    isLoopbackOnly ? 'loopback' : isPrivateAllowed ? 'anything' : 'public'
  const agents = { trusted: openAgent(reach(true)), chosen: openAgent(reach(false)) }
  const before = getGlobalDispatcher()
  const guard: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (request, handler) => {
    const origin = originOf(String(request.origin))
    if (!allowed.has(origin)) throw new StakazoError('egress-refused', `${origin} is not a declared origin`)
    if (!privateOrigins.has(origin)) return dispatch(request, handler)
    return agents.trusted.dispatch(request, handler)
  }
  setGlobalDispatcher(agents.chosen.compose(guard))
  return {
    allow: (origin) => void allowed.add(originOf(origin)),
    isAllowed: (origin) => allowed.has(originOf(origin)),
    async [Symbol.asyncDispose]() {
      setGlobalDispatcher(before)
      await Promise.all([agents.trusted.destroy(), agents.chosen.destroy()])
    },
  }
}

/** Which addresses a connection may go to, whatever its name says. */
type Reach = 'loopback' | 'public' | 'anything'

/**
 * The address that was checked is the address that is used: the check sits in the resolver of the connection itself, so
 * that a name cannot answer once with a public and then with a private address. Literal addresses skip resolvers, hence
 * the second check.
 */
function openAgent(reach: Reach): Agent {
  const agent = new Agent({ connect: { lookup: guardedLookup(reach) } })
  const dispatch = agent.dispatch.bind(agent)
  agent.dispatch = (request, handler) => {
    const host = new URL(String(request.origin)).hostname.replace(/^\[|\]$/g, '')
    if (isIP(host)) assertReachable(host, host, reach)
    return dispatch(request, handler)
  }
  return agent
}

const guardedLookup =
  (reach: Reach): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      try {
        for (const { address } of addresses) assertReachable(hostname, address, reach)
      } catch (refused) {
        return callback(refused as NodeJS.ErrnoException, '')
      }
      const [first] = addresses
      if (options.all || !first) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }

function assertReachable(hostname: string, address: string, reach: Reach): void {
  if (reach === 'anything') return
  const isFine = reach === 'loopback' ? isLoopback(address) : !isPrivate(address)
  if (isFine) return
  const why =
    reach === 'loopback' ? 'sandbox mode reaches this machine alone' : 'private addresses are closed'
  throw new StakazoError('egress-refused', `${hostname} is at ${address}; ${why}`)
}

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

const blockList = (subnets: readonly [string, number][]): BlockList => {
  const list = new BlockList()
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family(network))
  return list
}

const LOOPBACK = blockList([
  ['127.0.0.0', 8],
  ['::1', 128],
])

/** Special-purpose ranges of RFC 6890: nothing a platform lives in. IPv4 written inside IPv6 is matched by BlockList. */
const PRIVATE = blockList([
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 127],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
])

const isLoopback = (address: string) => LOOPBACK.check(address, family(address))
const isPrivate = (address: string) => PRIVATE.check(address, family(address))

const originOf = (url: string) => new URL(url).origin
