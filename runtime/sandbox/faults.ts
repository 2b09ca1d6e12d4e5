/** Faults on request: the fault book decides which request suffers; the server and the networks make it suffer. */
import { z } from 'zod'
import { StakazoError } from '../core/errors.ts'
import { seededRandom } from '../core/random.ts'
import type { Operation, OperationTrait } from './operation.ts'
import type { Store } from './store.ts'

/** Faults a network answers in its own words, without performing the request. */
const REFUSALS = ['error-500-before', 'token-death', 'throttle', 'daily-cap', 'spam-refusal'] as const
export type RefusalKind = (typeof REFUSALS)[number] | 'error-500-after-accept'

const FaultKind = z.enum([
  ...REFUSALS,
  'drop-before-accept',
  'drop-after-accept',
  'error-500-after-accept',
  'slow',
  'reset-mid-upload',
  'processing-slow',
  'processing-error',
  'ghost-id',
  'late-visibility',
])
type FaultKind = z.infer<typeof FaultKind>

export const NewFault = z
  .strictObject({
    kind: FaultKind,
    network: z.string().optional(),
    accountId: z.string().optional(),
    /** An operation's name (`media_publish`, `upload`, `container`, `status`, `insights` …); `*` stands for any run of letters. */
    route: z
      .string()
      .regex(/^[a-z_*]+$/)
      .default('*'),
    /** How often it strikes; unlimited when absent. */
    times: z.int().min(1).optional(),
    /** Requests let through first. */
    skip: z.int().min(0).default(0),
    probability: z.number().gt(0).max(1).default(1),
    seed: z.int().min(0).default(1),
    /** `slow` and `processing-slow`: added delay. `late-visibility`: how long lists hide the post. */
    ms: z.int().min(0).max(86_400_000).default(5_000),
    /** `slow`: before the work, or after it with the answer held back. */
    phase: z.enum(['before', 'after']).default('after'),
    /** `reset-mid-upload`: bytes taken before the reset; half of what is missing when absent. */
    afterBytes: z.int().min(0).optional(),
  })
  .refine(
    (fault) =>
      fault.times !== undefined ||
      fault.probability < 1 ||
      fault.accountId !== undefined ||
      fault.route !== '*',
    {
      message: 'a fault that strikes every request needs times, probability, accountId or route',
    },
  )
export type NewFault = z.infer<typeof NewFault>

export interface Fault extends NewFault {
  id: number
  remaining: number | undefined
  matches: number
  fired: number
}

/** A kind that only makes sense where the operation does such a thing. */
const NEEDS: Partial<Record<FaultKind, OperationTrait>> = {
  'reset-mid-upload': 'uploads',
  'processing-slow': 'processes',
  'processing-error': 'processes',
  'ghost-id': 'publishes',
  'late-visibility': 'publishes',
  'daily-cap': 'writes',
  'spam-refusal': 'writes',
}

interface FaultTarget {
  network: string
  operation: Operation
  accountId: string | undefined
}

export interface Faults {
  add(fault: NewFault): Fault
  list(): Fault[]
  remove(id: number): boolean
  clear(): number
  /** The first fault that strikes this request, its count taken. */
  take(target: FaultTarget): Fault | undefined
  /** Gives a count back when the request was refused on its own account, so that nothing was accepted to lose. */
  giveBack(fault: Fault): void
}

export function openFaults(store: Store): Faults {
  const book = new Map(
    store.all('SELECT * FROM fault ORDER BY id').map((row) => [Number(row.id), toFault(row)]),
  )
  const save = (fault: Fault) => {
    store.run(
      'UPDATE fault SET remaining = ?, matches = ?, fired = ? WHERE id = ?',
      fault.remaining ?? null,
      fault.matches,
      fault.fired,
      fault.id,
    )
  }
  return {
    add(body) {
      const row = store.one(
        'INSERT INTO fault (body, remaining) VALUES (?, ?) RETURNING *',
        JSON.stringify(body),
        body.times ?? null,
      )
      if (!row) throw new StakazoError('bug', 'the fault was not stored')
      const fault = toFault(row)
      book.set(fault.id, fault)
      return fault
    },
    list: () => [...book.values()],
    remove: (id) => {
      store.run('DELETE FROM fault WHERE id = ?', id)
      return book.delete(id)
    },
    clear: () => {
      book.clear()
      return store.run('DELETE FROM fault')
    },
    take(target) {
      for (const fault of book.values()) {
        if (!isMatch(fault, target)) continue
        fault.matches += 1
        const strikes = fault.matches > fault.skip && roll(fault) < fault.probability
        if (strikes) {
          fault.fired += 1
          if (fault.remaining !== undefined) fault.remaining -= 1
        }
        save(fault)
        if (strikes) return { ...fault }
      }
      return undefined
    },
    giveBack({ id }) {
      const fault = book.get(id)
      if (!fault) return
      fault.fired -= 1
      if (fault.remaining !== undefined) fault.remaining += 1
      save(fault)
    },
  }
}

function isMatch(fault: Fault, { network, operation, accountId }: FaultTarget): boolean {
  if (fault.remaining === 0) return false
  if (fault.network !== undefined && fault.network !== network) return false
  if (fault.accountId !== undefined && fault.accountId !== accountId) return false
  const need = NEEDS[fault.kind]
  if (need && !operation.traits.includes(need)) return false
  return isRoute(fault.route, operation.name)
}

const isRoute = (pattern: string, name: string) =>
  pattern === '*' || pattern === name || new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name)

/** One draw a match, the same for the same seed whatever else happens. */
const roll = (fault: Fault) => seededRandom(Math.imul(fault.seed + 1, 0x9e3779b1) ^ fault.matches).next()

const toFault = (row: Record<string, unknown>): Fault => ({
  ...NewFault.parse(JSON.parse(String(row.body))),
  id: Number(row.id),
  remaining: row.remaining === null ? undefined : Number(row.remaining),
  matches: Number(row.matches),
  fired: Number(row.fired),
})
