/**
 * Where a text came from decides what it may cause. Labels travel with values through summaries, reports, messages,
 * memory, files and checkpoints; joining two values keeps the least.
 */
import { z } from 'zod'

export const TRUST = { foreign: 0, inference: 1, verified: 2, owner: 3 } as const

/** 3 owner and configuration, 2 own tools and verified APIs, 1 model inference, 0 foreign text. */
export const Trust = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])
export type Trust = z.infer<typeof Trust>

export const leastTrust = (...levels: readonly Trust[]): Trust => Math.min(TRUST.owner, ...levels) as Trust

/** A value with its label. */
export interface Labelled<T> {
  value: T
  trust: Trust
}
