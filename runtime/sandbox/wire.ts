/** What a network of the sandbox is to the server: it recognises a request, performs it, and refuses in its own words. */
import type { IncomingMessage } from 'node:http'
import type { Account } from './accounts.ts'
import type { Fault, RefusalKind } from './faults.ts'
import type { Operation } from './operation.ts'
import type { World } from './world.ts'

export interface WireRequest {
  readonly requestId: string
  readonly method: string
  /** Host of the origin the caller meant, such as `graph.instagram.com`. */
  readonly host: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  /** The body, unread. */
  readonly body: IncomingMessage
}

export interface WireReply {
  status: number
  headers?: Record<string, string>
  body: unknown
  /** True when the caller must see a broken connection instead, though the work above it stands. */
  isDropped?: boolean
}

/** A recognised request, ready to be performed once. */
export interface WireCall {
  readonly operation: Operation
  readonly account: Account | undefined
  perform(fault: Fault | undefined): WireReply | Promise<WireReply>
}

export interface PageReply {
  status: number
  kind: 'html' | 'file'
  /** HTML text, or the path of the file. */
  content: string
  contentType: string
}

export interface Network {
  readonly name: string
  readonly apiHosts: readonly string[]
  /** Hosts whose URLs a browser opens: posts, profiles, media. */
  readonly pageHosts: readonly string[]
  /** Throws the network's own refusal for an unknown path or a bad token. */
  recognise(request: WireRequest): Promise<WireCall>
  /** The network's answer to a fault that refuses or fails; token death also takes effect. */
  refuse(kind: RefusalKind, account: Account | undefined, requestId: string): WireReply
  /** Any thrown error as this network would answer it. */
  fail(error: unknown, requestId: string): WireReply
  page(host: string, path: string): PageReply | undefined
  /** Path of the profile page under `pageHosts[0]`. */
  profilePath(account: Account): string
  /** Takes up what a killed process left running. */
  resume(): void
}

export type OpenNetwork = (world: World) => Network
