/** From figures to a score and advice. Limits are those of product-facts 10. Pure. */
import { DAY, HOUR, MINUTE } from '../../runtime/core/clock.ts'

export interface HealthFinding {
  what: string
  value: number
  limit: number
  advice: string
}

interface Rule {
  readonly what: string
  readonly measure: (figures: Figures) => number
  readonly limit: number
  /** Taken off the score when broken; twice as far past the limit takes off twice, at most thrice. */
  readonly points: number
  readonly advice: string
}

type Figures = Readonly<Record<string, number>>

const figure =
  (name: string) =>
  (figures: Figures): number =>
    figures[name] ?? 0

const failedPercent = (figures: Figures): number => {
  const ended = figures['runsDay.ended'] ?? 0
  return ended < 5 ? 0 : ((figures['runsDay.failed'] ?? 0) / ended) * 100
}

const RULES: readonly Rule[] = [
  {
    what: 'runs failed in 24 h, percent',
    measure: failedPercent,
    limit: 5,
    points: 15,
    advice: 'Look at the errors of the failed runs; one cause usually explains most of them.',
  },
  {
    what: 'queue depth',
    measure: figure('queue.depth'),
    limit: 10_000,
    points: 15,
    advice: 'Start more workers, or pause what can wait.',
  },
  {
    what: 'due but not taken',
    measure: figure('queue.overdue'),
    limit: 0,
    points: 10,
    advice: 'No worker takes what is due: see that one runs and is not paused.',
  },
  {
    what: 'oldest late work, ms',
    measure: figure('queue.oldestLateMs'),
    limit: 10 * MINUTE,
    points: 10,
    advice: 'Work waits too long: start more workers.',
  },
  {
    what: 'acts with unknown outcome',
    measure: (figures) => (figures['intents.unknown'] ?? 0) + (figures['publications.unknown'] ?? 0),
    limit: 0,
    points: 10,
    advice: 'They are looked up by themselves; should one stay, look at the account and settle it.',
  },
  {
    what: 'publications failed',
    measure: figure('publications.failed'),
    limit: 0,
    points: 5,
    advice: 'Read their reasons; draft anew what should still appear.',
  },
  {
    what: 'accounts to connect again',
    measure: figure('accounts.reconnect'),
    limit: 0,
    points: 15,
    advice: 'Their permission ran out; connect them again, nothing is published there until then.',
  },
  {
    what: 'oldest open approval, ms',
    measure: figure('approvals.oldestMs'),
    limit: DAY,
    points: 5,
    advice: 'Somebody waits for an answer: approve, edit or reject.',
  },
  {
    what: 'critical alerts open',
    measure: figure('alertsOpen.critical'),
    limit: 0,
    points: 20,
    advice: 'Read and acknowledge them first.',
  },
  {
    what: 'warnings open',
    measure: figure('alertsOpen.warning'),
    limit: 10,
    points: 5,
    advice: 'Acknowledge what is settled, so that what matters stands out.',
  },
  {
    what: 'age of the newest measurement, ms',
    measure: figure('metrics.newestAgeMs'),
    limit: HOUR,
    points: 5,
    advice: 'Measurements come every 15 minutes; see that the monitor cycle runs and accounts are connected.',
  },
]

export function judgeHealth(figures: Figures): { score: number; findings: HealthFinding[] } {
  const broken = RULES.map((rule) => ({ ...rule, value: rule.measure(figures) })).filter(
    ({ value, limit }) => value > limit,
  )
  const lost = broken.reduce(
    (sum, { value, limit, points }) => sum + points * (limit > 0 ? Math.min(3, value / limit) : 1),
    0,
  )
  return {
    score: Math.max(0, Math.round(100 - lost)),
    findings: broken.map(({ what, value, limit, advice }) => ({ what, value, limit, advice })),
  }
}
