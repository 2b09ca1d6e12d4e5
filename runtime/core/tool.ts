/**
 * A tool is one typed verb, named as its file. Its effect decides, in the type, what its context can do:
 * a `read` tool that writes does not compile.
 */
import type { z } from 'zod'
import type { Clock } from './clock.ts'
import type { EffectKind, IntentReply, IntentRequest, OuterEffectKind, World } from './effect.ts'
import type { BlobReader, BlobStore } from './ports/blobs.ts'
import type { Media } from './ports/media.ts'
import type { MemoryReader, MemoryWriter } from './ports/memory.ts'
import type { Perception } from './ports/perception.ts'
import type { ReadStore, RecordStore } from './ports/store.ts'
import type { Trust } from './trust.ts'

export type Effect =
  | { readonly kind: 'read' }
  | { readonly kind: 'record' }
  | { readonly kind: OuterEffectKind; readonly undo?: string }

/** Who is calling, for whom. */
export interface Caller {
  readonly tenantId: string
  readonly brandId: string
  readonly taskId: string
  readonly runId: string
  readonly stepId: string | undefined
  readonly agent: string
  readonly toolCallId: string
  readonly world: World
}

/**
 * What every tool gets. `store` answers for the caller's tenant and brand alone and lowers the call's trust to that of
 * the rows it hands out. May throw a StakazoError; the model is told code and message. Must honour `signal`.
 */
export interface ReadContext {
  readonly caller: Caller
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly store: ReadStore
  readonly blobs: BlobReader
  readonly media: Media
  readonly memory: MemoryReader
  readonly perception: Perception
  /** Progress a person watches: fraction 0..1 and what is being done. */
  progress(fraction: number, what: string): void
}

/** Adds our own storage. What is written carries the trust of the run that wrote it. */
export interface RecordContext extends Omit<ReadContext, 'store' | 'blobs' | 'memory'> {
  readonly store: ReadStore & RecordStore
  readonly blobs: BlobStore
  readonly memory: MemoryReader & MemoryWriter
  /** Trust of what the caller has read so far. */
  readonly trust: Trust
}

/** Adds the gate. Returns at once with what was decided; the executor acts later, nothing in a tool ever does. */
export interface ActContext extends ReadContext {
  intend(request: IntentRequest): Promise<IntentReply>
}

export type ContextOf<E extends Effect> = E['kind'] extends 'read'
  ? ReadContext
  : E['kind'] extends 'record'
    ? RecordContext
    : ActContext

export interface ToolDefinition<E extends Effect, I extends z.ZodType, O extends z.ZodType> {
  readonly name: string
  /** Shown to the model. */
  readonly does: string
  readonly effect: E
  readonly input: I
  readonly output: O
  /**
   * `clean`: the output is only numbers, enums and ids of a listed set, so foreign text behind it cannot speak.
   * `text` (default): the output carries the trust of what was read.
   */
  readonly yields?: 'clean' | 'text'
  /** Least trust of the caller's reading. Below it the gate asks a person, and a `record` tool is refused. */
  readonly needsTrust?: Trust
  /**
   * Ids of rows that are there already and that the call would change. Those a trusted brief names, and the task's own
   * drafts, may be changed below `needsTrust` too: they were chosen before anything foreign was read.
   */
  touches?(input: z.output<I>): readonly string[]
  run(input: z.output<I>, ctx: ContextOf<E>): Promise<z.input<O>>
}

/** Any tool, as catalogues and agents hold it. */
export interface AnyTool {
  readonly name: string
  readonly does: string
  readonly effect: { readonly kind: EffectKind; readonly undo?: string }
  readonly input: z.ZodType
  readonly output: z.ZodType
  readonly yields?: 'clean' | 'text'
  readonly needsTrust?: Trust
  touches?(input: never): readonly string[]
  run(input: never, ctx: never): Promise<unknown>
}

export const defineTool = <const E extends Effect, I extends z.ZodType, O extends z.ZodType>(
  definition: ToolDefinition<E, I, O>,
): ToolDefinition<E, I, O> => definition
