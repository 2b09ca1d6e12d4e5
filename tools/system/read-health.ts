import { z } from 'zod'
import { defineTool } from '../../runtime/core/tool.ts'
import { judgeHealth } from './judge-health.ts'

export const readHealth = defineTool({
  name: 'read-health',
  does: 'How the system does for this client: a score from 0 to 100, the figures behind it (runs, queue, publications, approvals, accounts, alerts, cost), and for each broken limit what to do.',
  effect: { kind: 'read' },
  input: z.object({}),
  output: z.object({
    score: z.int().min(0).max(100),
    figures: z.record(z.string(), z.number()),
    findings: z.array(
      z.object({ what: z.string(), value: z.number(), limit: z.number(), advice: z.string() }),
    ),
  }),
  yields: 'clean',
  async run(_input, { store }) {
    const figures = await store.readHealth()
    return { figures, ...judgeHealth(figures) }
  },
})
