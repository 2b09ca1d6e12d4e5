/** What a message asks for, as data: the outcome of reading, before anybody plans. */
import type { Format } from '../../../runtime/core/entities.ts'
import type { Wish } from '../../content-creator/brief.ts'
import type { Lang } from '../../words/language.ts'
import type { AccountLike } from './places.ts'
import type { Refusal } from './refused.ts'

export interface UnderstandContext {
  /** The person's language where the message itself does not tell. */
  language: Lang
  now: string
  zone: string
  accounts: readonly AccountLike[]
  /** True when earlier clips of the conversation exist, so that "clip 2" can mean one of them. */
  hasThread: boolean
}

export interface Scope {
  only?: number[]
  except?: number[]
  /** "the last one". */
  isLast?: boolean
}

export type When = { kind: 'now' } | { kind: 'best' } | { kind: 'at'; at: string }

export interface Lengths {
  minMs?: number
  maxMs?: number
  targetMs?: number
}

export type TrimChange =
  | { kind: 'target'; ms: number }
  | { kind: 'shorter' | 'longer' }
  | { kind: 'by'; ms: number }
  | { kind: 'drop-start' | 'drop-end'; ms: number }

export type Measure = 'summary' | 'anomalies' | 'best-times' | 'comments'

export type Ask =
  | ({
      do: 'make'
      count?: number
      isPerFilm: boolean
      formats: Format[]
      wantsCaptions: boolean
      captionLanguage?: string
      wish: Wish
      /** "publish this video": the film itself, not its highlights. */
      isWhole: boolean
    } & Lengths)
  | { do: 'publish'; scope: Scope; when: When; accountIds?: string[] }
  | { do: 'trim'; scope: Scope; change: TrimChange }
  | { do: 'caption'; scope: Scope; wish: Wish }
  | { do: 'reformat'; scope: Scope; formats: Format[] }
  | { do: 'cancel' | 'undo'; scope: Scope }
  | { do: 'move'; scope: Scope; when: When }
  | {
      do: 'measure'
      wants: Measure[]
      from?: string
      to?: string
      metric?: string
      accountIds?: string[]
      document?: 'html' | 'markdown'
    }
  | { do: 'check'; scope: Scope; text?: string; by: ('brand-voice' | 'compliance')[] }
  | { do: 'remember'; text: string }
  | { do: 'status' | 'help' | 'greet' | 'thank' }

export interface Understanding {
  language: Lang
  asks: Ask[]
  refusals: Refusal[]
  /** Sentences worth saying: a moved hour, a capped count. */
  notes: string[]
  /** Publishing was ruled out in words. */
  isDraftOnly: boolean
}
