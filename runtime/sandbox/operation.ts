/** A platform call by what it does, whatever its path. */

/** Effect faults (`ghost-id`, `processing-slow` …) match by these. */
export type OperationTrait = 'writes' | 'uploads' | 'processes' | 'publishes'

export interface Operation {
  readonly name: string
  readonly traits: readonly OperationTrait[]
}
