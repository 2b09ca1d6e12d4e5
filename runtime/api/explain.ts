import { readTask } from '../../db/queries/tasks-view.ts'
import { listWhy, type WhyLine } from '../../db/queries/why.ts'
import { StakazoError } from '../core/errors.ts'
import { explain } from '../effects/why.ts'
import type { ApiPorts } from './api-ports.ts'
import { ownerScope } from './owner-scope.ts'

export interface Explained {
  id: string
  effect: Record<string, unknown> | null
  lines: WhyLine[]
}

/** An act or publication with its story, else the story of a task. Throws `not-found`. */
export async function explainAny(
  { effects, database, clock }: Pick<ApiPorts, 'effects' | 'database' | 'clock'>,
  tenantId: string,
  id: string,
): Promise<Explained> {
  try {
    const { lines, ...effect } = await explain(effects, tenantId, id)
    return { id, effect, lines }
  } catch (error) {
    if (!(error instanceof StakazoError) || error.code !== 'not-found') throw error
  }
  return await database.tenant(tenantId, async (tx) => {
    const { brandId } = await readTask(tx, id)
    const lines = await listWhy(tx, ownerScope(brandId, clock), id)
    return { id, effect: null, lines: lines.map(({ value }) => value) }
  })
}
