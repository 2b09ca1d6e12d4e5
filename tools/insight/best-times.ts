import { z } from 'zod'
import { addMs, DAY } from '../../runtime/core/clock.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { ACTIVITY, listActivity } from './audience-activity.ts'
import { chooseBestHours } from './best-hours.ts'
import { toSeries } from './increments.ts'

const LOOK_BACK_MS = 56 * DAY

export const bestTimes = defineTool({
  name: 'best-times',
  does: "Hours of the day at which this audience is most active, in the brand's zone, best first. From the account's own measurements when there is a week of them, else from a general prior (basis says which).",
  effect: { kind: 'read' },
  input: z.object({
    accountId: z.uuid().optional().describe('Leave out for all accounts of the brand.'),
    count: z.int().min(1).max(8).default(3),
  }),
  output: z.object({
    zone: z.string(),
    slots: z.array(
      z.object({
        hour: z.int().describe('Local hour, 0 to 23.'),
        score: z.number().describe("Expected share of a day's activity; an average hour has 0.042."),
      }),
    ),
    basis: z.enum(['own-history', 'prior']),
    n: z.int().describe('Days measured.'),
  }),
  yields: 'clean',
  async run({ accountId, count }, { store, clock }) {
    const { zone } = await store.getBrand()
    const points = await store.listMetrics({
      metrics: ACTIVITY,
      from: addMs(clock.now(), -LOOK_BACK_MS),
      ...(accountId ? { accountId } : {}),
    })
    return { zone, ...chooseBestHours(listActivity(toSeries(points)), zone, count) }
  },
})
