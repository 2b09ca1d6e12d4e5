import type { Stage } from '../runtime/effects/stage.ts'
import type { FaultCase } from './effect-matrix.ts'

export interface FaultReport {
  name: string
  /** Empty when all promises held. */
  broken: string[]
  /** States the act went through, for people. */
  path: string[]
}

/** Publishes one post under the case's faults and says which promise broke, by the sandbox's own log and our rows. */
export async function runFaultCase(stage: Stage, kind: FaultCase, caption: string): Promise<FaultReport> {
  const broken: string[] = []
  await stage.sandbox.control('DELETE', '/faults')
  const { publicationId } = await stage.draft(caption)
  const alertsBefore = (await stage.alerts()).length
  const { intentId } = await stage.ask(publicationId)
  for (const fault of kind.faults) await stage.fault(fault)
  if (kind.rests === 'unknown') await workUntilUnknown(stage, intentId, alertsBefore)
  else await stage.settle()
  const { faults } = (await stage.sandbox.control('GET', '/faults')).body
  for (const fault of faults) if (fault.fired === 0) broken.push(`the fault ${fault.kind} never struck`)
  const rested = await stage.read(intentId)
  if (rested.state !== kind.rests) broken.push(`it rests as ${rested.state}, not ${kind.rests}`)
  const alerts = (await stage.alerts()).slice(alertsBefore).map((alert) => alert.kind)
  for (const wanted of kind.alerts ?? []) if (!alerts.includes(wanted)) broken.push(`no alert ${wanted}`)
  if (kind.mend) {
    await stage.sandbox.control('DELETE', '/faults')
    await kind.mend(stage)
    await stage.settle()
  }
  const end = await stage.read(intentId)
  const publication = await stage.publication(publicationId)
  if (end.state !== 'verified') broken.push(`it ended as ${end.state}: ${JSON.stringify(end.error)}`)
  if (publication?.state !== end.state) broken.push(`the publication shows ${publication?.state}`)
  const live = (await stage.live()).filter(({ captionHash }) => captionHash === stage.captionHash(caption))
  if (live.length !== 1) broken.push(`the network accepted ${live.length} posts`)
  if (publication?.remoteId !== live[0]?.mediaId) broken.push('the publication names another post')
  const moves = await stage.events('intent.%')
  const path = moves
    .filter(({ subjectId }) => subjectId === intentId)
    .map(({ type }) => type.replace('intent.', ''))
  return { name: kind.name, broken, path }
}

/** A dead token leaves a lost answer unknown until somebody reconnects: it must be said, not waited out. */
async function workUntilUnknown(stage: Stage, intentId: string, alertsBefore: number): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await stage.work()
    const { state } = await stage.read(intentId)
    if (state === 'unknown' && (await stage.alerts()).length > alertsBefore) return
    await stage.advance(60_000)
  }
}
