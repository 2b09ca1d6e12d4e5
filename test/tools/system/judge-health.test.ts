import { expect, test } from 'vitest'
import { judgeHealth } from '../../../tools/system/judge-health.ts'

test('a quiet system is healthy', () => {
  expect(judgeHealth({})).toEqual({ score: 100, findings: [] })
})

test('each broken limit costs points and says what to do', () => {
  const { score, findings } = judgeHealth({
    ...{ 'runsDay.ended': 100, 'runsDay.failed': 12, 'accounts.reconnect': 1, 'intents.unknown': 2 },
  })
  expect(findings.map(({ what, value, limit }) => [what, value, limit])).toEqual([
    ['runs failed in 24 h, percent', 12, 5],
    ['acts with unknown outcome', 2, 0],
    ['accounts to connect again', 1, 0],
  ])
  expect(score).toBe(100 - 36 - 10 - 15)
  for (const { advice } of findings) expect(advice).toMatch(/\w+/)
})

test('three failures of four runs are no rate yet', () => {
  expect(judgeHealth({ 'runsDay.ended': 4, 'runsDay.failed': 3 }).score).toBe(100)
})

test('the worst is zero', () => {
  const figures = {
    'alertsOpen.critical': 9,
    'accounts.reconnect': 3,
    'queue.depth': 1e6,
    'queue.overdue': 5,
  }
  expect(judgeHealth({ ...figures, 'queue.oldestLateMs': 1e9, 'approvals.oldestMs': 1e12 }).score).toBe(0)
})
