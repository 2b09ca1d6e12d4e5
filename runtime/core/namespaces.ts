import { HOUR, MINUTE } from './clock.ts'

/** How long short-lived things of a namespace are kept: entries of short-term memory, traces of finished jobs. */
export const NAMESPACE_TTL_MS = {
  publishing: 30 * MINUTE,
  campaign: 2 * HOUR,
  ml_jobs: HOUR,
  upload_jobs: 10 * MINUTE,
  sessions: 24 * HOUR,
  conversation: HOUR,
  cache: 30 * MINUTE,
} as const satisfies Record<string, number>

const DEFAULT_TTL_MS = 30 * MINUTE

/** By the part before the first slash: `publishing/reels` lives as long as `publishing`. */
export function namespaceTtlMs(name: string): number {
  const [namespace = ''] = name.split('/')
  return Object.hasOwn(NAMESPACE_TTL_MS, namespace)
    ? NAMESPACE_TTL_MS[namespace as keyof typeof NAMESPACE_TTL_MS]
    : DEFAULT_TTL_MS
}
