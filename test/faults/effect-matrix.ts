/** Every way a network fails a publication that we know of, with what must have become of it once all is quiet. */
import type { ActState } from '../../runtime/core/effect.ts'
import { resumeAccount } from '../../runtime/effects/hold.ts'
import type { Stage } from '../runtime/effects/stage.ts'

export interface FaultCase {
  name: string
  faults: readonly Record<string, unknown>[]
  /** Where the act rests, before and, where a person must act first, after that. */
  rests: ActState
  /** Alerts that must be there for it. */
  alerts?: readonly string[]
  /** What a person does then; the act must end as verified after it. */
  mend?: (stage: Stage) => Promise<void>
}

const publish = (kind: string, more: object = {}) => ({ kind, route: 'media_publish', ...more })

const reconnect = async (stage: Stage) => {
  await stage.renew()
  await resumeAccount(stage.ports, stage.tenantId, stage.tenant.accountId, 'ana', { isLateMoved: true })
}
const lookedAt = async (stage: Stage) => {
  await resumeAccount(stage.ports, stage.tenantId, stage.tenant.accountId, 'ana', { isLateMoved: true })
}

export const FAULT_CASES: readonly FaultCase[] = [
  { name: 'nothing', faults: [], rests: 'verified' },
  {
    name: 'the publication is accepted and its answer dropped',
    faults: [publish('drop-after-accept')],
    rests: 'verified',
  },
  {
    name: 'the publication is dropped before it is accepted',
    faults: [publish('drop-before-accept')],
    rests: 'verified',
  },
  {
    name: 'a 500 follows the accepted publication',
    faults: [publish('error-500-after-accept')],
    rests: 'verified',
  },
  {
    name: 'a 500 comes instead of the publication',
    faults: [publish('error-500-before')],
    rests: 'verified',
  },
  {
    name: 'the publication is lost three times',
    faults: [publish('drop-before-accept', { times: 3 })],
    rests: 'verified',
  },
  {
    name: 'answer and first lookups are lost',
    faults: [
      publish('drop-after-accept'),
      { kind: 'drop-before-accept', route: 'status', skip: 2, times: 6 },
    ],
    rests: 'verified',
  },
  {
    name: 'the answer is lost and the list of posts is away for a while',
    faults: [publish('drop-after-accept'), { kind: 'error-500-before', route: 'media_list', times: 7 }],
    rests: 'verified',
  },
  { name: 'the answer names a post that cannot be read', faults: [publish('ghost-id')], rests: 'verified' },
  { name: 'lists show the post late', faults: [publish('late-visibility', { ms: 300 })], rests: 'verified' },
  { name: 'the answer is slow', faults: [publish('slow', { ms: 300 })], rests: 'verified' },
  {
    name: 'the container is made and its answer dropped',
    faults: [{ kind: 'drop-after-accept', route: 'container' }],
    rests: 'verified',
  },
  {
    name: 'a 500 comes instead of the container',
    faults: [{ kind: 'error-500-before', route: 'container' }],
    rests: 'verified',
  },
  {
    name: 'a 500 follows the accepted container',
    faults: [{ kind: 'error-500-after-accept', route: 'container' }],
    rests: 'verified',
  },
  {
    name: 'the upload breaks off twice',
    faults: [{ kind: 'reset-mid-upload', route: 'upload', times: 2 }],
    rests: 'verified',
  },
  {
    name: 'the upload arrives and its answer is dropped',
    faults: [{ kind: 'drop-after-accept', route: 'upload' }],
    rests: 'verified',
  },
  {
    name: 'processing is slow',
    faults: [{ kind: 'processing-slow', route: 'upload', ms: 500 }],
    rests: 'verified',
  },
  {
    name: 'processing fails once',
    faults: [{ kind: 'processing-error', route: 'upload' }],
    rests: 'verified',
  },
  {
    name: 'every status is a 500 for a while',
    faults: [{ kind: 'error-500-before', route: 'status', times: 8 }],
    rests: 'verified',
  },
  {
    name: 'the network throttles the container',
    faults: [{ kind: 'throttle', route: 'container', times: 2 }],
    rests: 'verified',
  },
  { name: 'the network throttles the publication', faults: [publish('throttle')], rests: 'verified' },
  { name: 'the day is full', faults: [publish('daily-cap')], rests: 'verified', alerts: ['daily-cap'] },
  {
    name: 'the token dies at the container',
    faults: [{ kind: 'token-death', route: 'container' }],
    rests: 'held',
    alerts: ['account-reconnect'],
    mend: reconnect,
  },
  {
    name: 'the token dies at the publication',
    faults: [publish('token-death')],
    rests: 'held',
    alerts: ['account-reconnect'],
    mend: reconnect,
  },
  {
    name: 'the token dies while a lost answer is looked up',
    faults: [publish('drop-after-accept'), { kind: 'token-death', route: 'status', skip: 2 }],
    rests: 'unknown',
    alerts: ['account-reconnect'],
    mend: reconnect,
  },
  {
    name: 'the network suspects spam',
    faults: [publish('spam-refusal')],
    rests: 'held',
    alerts: ['account-paused'],
    mend: lookedAt,
  },
]
