/** Fills `{{name}}` places of a prompt.md from the brand and the run. An unknown place is our bug, never sent to a model. */
import { and, eq } from 'drizzle-orm'
import { firstRow } from '../../db/queries/rows.ts'
import type { RunRow } from '../../db/queries/runs.ts'
import { brand } from '../../db/schema/tenancy.ts'
import type { AnyAgent } from '../core/agent.ts'
import { StakazoError } from '../core/errors.ts'
import type { RunPorts } from './run-ports.ts'

export async function fillPrompt(
  ports: RunPorts,
  row: Pick<RunRow, 'tenantId' | 'brandId'>,
  agent: AnyAgent,
): Promise<string> {
  const found = await ports.db.tenant(row.tenantId, async (tx) =>
    firstRow(
      await tx.db
        .select()
        .from(brand)
        .where(and(eq(brand.tenantId, tx.tenantId), eq(brand.id, row.brandId))),
    ),
  )
  const text = await ports.readPrompt(agent)
  return fillPlaces(text, { brand: found, role: agent.role, mission: agent.mission, now: ports.clock.now() })
}

export const fillPlaces = (text: string, values: Record<string, unknown>): string =>
  text.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (_, path: string) => {
    const value = path
      .split('.')
      .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], values)
    if (value === undefined || value === null)
      throw new StakazoError('bug', `a prompt speaks of {{${path}}}, which is not known`)
    return Array.isArray(value)
      ? value.join(', ')
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
  })
