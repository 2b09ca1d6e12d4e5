/**
 * A benchmark measures and says what it held the figure against. It never judges a time: machines differ, and a slow
 * minute is no bug. It does judge work: a count that is wrong throws, because a figure of less work is worth nothing.
 */
export interface BenchOptions {
  /** Fewer repetitions, for a look; the figures of README come from a full run. */
  readonly isQuick: boolean
  /** One line for people about what is being done now. */
  readonly say: (line: string) => void
}

export interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** The raw library, or a limit of the machine, that does the same work. */
  readonly against?: { readonly what: string; readonly value: number } | undefined
  readonly note?: string | undefined
}

export interface Benchmark {
  readonly name: string
  readonly does: string
  run(options: BenchOptions): Promise<Figure[]>
}

/** Above 1: more than what it is held against. */
export const ratioOf = ({ value, against }: Figure): number | undefined =>
  against && against.value !== 0 ? value / against.value : undefined
