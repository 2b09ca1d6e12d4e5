import { describe, expect, it } from 'vitest'
import type { JobPriority } from '../../../runtime/core/ports/queue.ts'
import { FairShare } from '../../../runtime/queue/fair-share.ts'

/** A queue in memory: the lowest number first, among equals the oldest, as BullMQ does it. */
function newQueue() {
  const share = new FairShare()
  const waiting: { tenant: string; number: number }[] = []
  const lowest = () => waiting.toSorted((one, other) => one.number - other.number)[0]
  const add = (tenant: string, count = 1, priority: JobPriority = 'medium') => {
    for (let added = 0; added < count; added++) {
      share.observe(lowest()?.number)
      waiting.push({ tenant, number: share.next(tenant, priority) })
    }
  }
  const take = (count = 1) =>
    Array.from({ length: count }, () => {
      const job = lowest()
      if (job) waiting.splice(waiting.indexOf(job), 1)
      return job?.tenant
    }).join('')
  return { add, take }
}

describe('turns between tenants', () => {
  it('let a newcomer go in the current round, however many wait', () => {
    const queue = newQueue()
    queue.add('a', 500)
    expect(queue.take(100)).toBe('a'.repeat(100))
    queue.add('b')
    expect(queue.take(3)).toContain('b')
  })

  it('alternate between two busy tenants', () => {
    const queue = newQueue()
    queue.add('a', 4)
    queue.add('b', 4)
    expect(queue.take(8)).toBe('abababab')
  })

  it('never starve a flood by others that keep coming with little', () => {
    const queue = newQueue()
    queue.add('a', 300)
    let served = ''
    for (let turn = 0; turn < 100; turn++) {
      queue.add('b', 2)
      served += queue.take(2)
    }
    const turnsOfFlood = served.split('a').length - 1
    expect(turnsOfFlood).toBeGreaterThanOrEqual(90)
  })

  it('serve a higher priority first and tenants in turn within each', () => {
    const queue = newQueue()
    queue.add('l', 1, 'low')
    queue.add('m', 2, 'medium')
    queue.add('n', 1, 'medium')
    queue.add('c', 1, 'critical')
    queue.add('h', 1, 'high')
    expect(queue.take(6)).toBe('chmnml')
  })

  it('start again at one when nothing waits, so that numbers stay small', () => {
    const share = new FairShare()
    const first = share.next('a', 'critical')
    for (let more = 0; more < 1000; more++) share.next('a', 'critical')
    share.observe(undefined)
    expect(share.next('a', 'critical')).toBe(first)
  })

  it('stay within the numbers BullMQ takes, and within their priority, after half a million rounds', () => {
    const share = new FairShare()
    share.observe(share.next('a', 'low') + 2 ** 19 - 3)
    const numbers = [share.next('a', 'low'), share.next('a', 'low'), share.next('b', 'low')]
    expect(Math.max(...numbers)).toBeLessThanOrEqual(2 ** 21)
    expect(Math.min(...numbers)).toBeGreaterThan(2 ** 21 - 4)
  })
})
