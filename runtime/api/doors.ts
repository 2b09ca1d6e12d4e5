/**
 * A page in somebody's browser must not reach a daemon on this machine: neither by a name that resolves to it (Host)
 * nor across sites (Origin).
 */
import { isIP } from 'node:net'
import type { Config } from '../config/config.ts'
import { StakazoError } from '../core/errors.ts'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Throws `forbidden` for a Host or an Origin that is not ours. */
export function assertOwnDoor({ host: listensOn, publicUrl }: Config['http'], headers: Headers): void {
  const host = URL.parse(`http://${headers.get('host') ?? ''}`)
  const publicHost = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.host
  // Rebinding needs a name, so a literal address is safe; a daemon open to a network has names we cannot know.
  const isOurs =
    host !== null &&
    (LOOPBACK.has(host.hostname) ||
      isIP(host.hostname.replace(/^\[|\]$/g, '')) !== 0 ||
      host.hostname === listensOn ||
      host.host === publicHost ||
      (publicHost === undefined && !LOOPBACK.has(listensOn)))
  if (!isOurs) {
    throw new StakazoError(
      'forbidden',
      `this daemon does not answer as "${headers.get('host') ?? ''}"; set STAKAZO_PUBLIC_URL`,
    )
  }
  const origin = headers.get('origin')
  if (origin === null) return
  const from = URL.parse(origin)?.host
  if (from === host.host || (publicHost !== undefined && from === publicHost)) return
  throw new StakazoError('forbidden', 'requests from other sites are not answered')
}
