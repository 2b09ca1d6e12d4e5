/** Hashes over bytes and over canonical JSON (RFC 8785), so that two equal payloads have one hash wherever they were built. */
import { createHash, createHmac } from 'node:crypto'
import canonicalize from 'canonicalize'
import { StakazoError } from './errors.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export const sha256Hex = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

export const hmacSha256Hex = (key: string | Uint8Array, bytes: string | Uint8Array): string =>
  createHmac('sha256', key).update(bytes).digest('hex')

export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new StakazoError('bug', 'a value without JSON form cannot be hashed')
  return text
}

/** The hash an approval binds to: 64 hex digits of SHA-256 over the canonical JSON. */
export const payloadHash = (value: unknown): string => sha256Hex(canonicalJson(value))
