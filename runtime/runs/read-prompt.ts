/** An agent's prompt with the brand's values in it. */
import { and, eq } from 'drizzle-orm'
import { fillPrompt } from '../../agents/prompt-values.ts'
import { firstRow } from '../../db/queries/rows.ts'
import type { RunRow } from '../../db/queries/runs.ts'
import { brand } from '../../db/schema/tenancy.ts'
import type { AnyAgent } from '../core/agent.ts'
import { StakazoError } from '../core/errors.ts'
import type { RunPorts } from './run-ports.ts'

export async function readPrompt(
  ports: RunPorts,
  row: Pick<RunRow, 'tenantId' | 'brandId'>,
  agent: AnyAgent,
): Promise<string> {
  const home = await ports.db.tenant(row.tenantId, async (tx) =>
    firstRow(
      await tx.db
        .select()
        .from(brand)
        .where(and(eq(brand.tenantId, tx.tenantId), eq(brand.id, row.brandId))),
    ),
  )
  if (!home) throw new StakazoError('not-found', `there is no brand ${row.brandId}`)
  const { name, language, zone } = home
  return fillPrompt(await ports.readPrompt(agent), {
    brand: { name, language, zone },
    language,
    now: ports.clock.now(),
  })
}
