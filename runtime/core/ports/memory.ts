/** Memory as tools see it: scoped to tenant and brand by the composition root, never by an argument. */
import type { Trust } from '../trust.ts'

export interface Recalled {
  id: string
  kind: 'fact' | 'item'
  text: string
  at: string
  source: string
  trust: Trust
  score: number
}

export interface MemoryReader {
  /**
   * Best memories for a query, packed to `budgetTokens` (4 characters each). Empty when nothing passes the floor:
   * "nothing known" is an answer. `asOf` asks what was valid at that instant.
   */
  recall(
    query: string,
    options?: { limit?: number; budgetTokens?: number; scope?: 'brand' | 'agent'; asOf?: string },
  ): Promise<Recalled[]>
}

export interface MemoryWriter {
  /** Stores a typed fact; a new value of a single-valued predicate closes the old one, never one of higher trust. */
  remember(fact: {
    subject: string
    predicate: string
    text: string
    value?: unknown
    kind?: 'fact' | 'preference' | 'rule' | 'lesson' | 'metric' | 'observation'
    isSingleValued?: boolean
    importance?: number
    scope?: 'brand' | 'agent'
  }): Promise<{ id: string; superseded: string[] }>
}
