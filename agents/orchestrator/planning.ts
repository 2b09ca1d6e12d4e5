/** A plan in the making: steps, what is refused, what is said. */

import { listReferences } from '../step-reference.ts'
import { pick } from '../words/language.ts'
import { listOf } from '../words/units.ts'
import type { PlanBrief, Refusal } from './brief.ts'
import { type Choice, chooseClips, listOrdinals } from './choose-clips.ts'
import type { PlanStep } from './report.ts'
import type { Scope } from './understand/understanding.ts'
import { type Phrase, phrase } from './wording.ts'

export interface Planning {
  readonly brief: PlanBrief
  readonly language: string
  readonly steps: PlanStep[]
  readonly refusals: Refusal[]
  /** Parts of the sentence that says what will be done. */
  readonly doing: string[]
  refuse(asked: Phrase | string, because: Phrase | string): void
  /** Adds a step and answers its key; a second step of a kind gets a number. */
  add(
    key: string,
    agent: PlanStep['agent'],
    brief: Record<string, unknown>,
    needs?: readonly string[],
  ): string
  clips(scope: Scope, asked: Phrase): Choice['clips']
  /** Leaves the steps of one role that stand without the others; refuses by name when none does. */
  keepOnly(role: PlanStep['agent']): void
}

export function openPlanning(brief: PlanBrief, language: string): Planning {
  const steps: PlanStep[] = []
  const refusals: Refusal[] = []
  const text = (key: string) => (isPhrase(key) ? phrase(key, language) : key)
  const refuse: Planning['refuse'] = (asked, because) => {
    refusals.push({ asked: text(asked), because: text(because) })
  }
  const add: Planning['add'] = (key, agent, stepBrief, needs = []) => {
    const taken = steps.filter((step) => step.key === key || step.key.startsWith(`${key}-`)).length
    const own = taken === 0 ? key : `${key}-${taken + 1}`
    steps.push({ key: own, agent, brief: stepBrief, needs: [...new Set(needs)] })
    return own
  }
  const clips: Planning['clips'] = (scope, asked) => {
    const known = listOrdinals(brief.thread)
    if (known.length === 0) {
      refuse(asked, 'no-clips')
      return []
    }
    const choice = chooseClips(brief.thread, scope)
    for (const ordinal of choice.unknown) {
      refuse(
        `clip ${ordinal}`,
        pick(language, {
          en: `there is no clip ${ordinal} (there are ${listOf(known.map(String), 'en')})`,
          es: `no hay clip ${ordinal} (hay ${listOf(known.map(String), 'es')})`,
        }),
      )
    }
    return choice.clips
  }
  const doing: string[] = []
  const keepOnly: Planning['keepOnly'] = (role) => {
    const own = steps.filter((step) => step.agent === role)
    const ownKeys = new Set(own.map((step) => step.key))
    const standing = own.filter((step) => listReferences(step.brief).every(({ $from }) => ownKeys.has($from)))
    steps.splice(
      0,
      steps.length,
      ...standing.map((step) => ({ ...step, needs: step.needs.filter((need) => ownKeys.has(need)) })),
    )
    doing.splice(0, doing.length, pick(language, { en: `ask ${role} alone`, es: `preguntar solo a ${role}` }))
    if (standing.length > 0 || refusals.length > 0) return
    refuse(
      pick(language, { en: `asking ${role} for this`, es: `pedir esto a ${role}` }),
      pick(language, {
        en: `nothing in the message is work that ${role} can do alone`,
        es: `nada en el mensaje es trabajo que ${role} pueda hacer solo`,
      }),
    )
  }
  return { brief, language, steps, refusals, doing, refuse, add, clips, keepOnly }
}

const isPhrase = (key: string): key is Phrase => /^(?:asked-|no-|nothing-|already-)/.test(key)
