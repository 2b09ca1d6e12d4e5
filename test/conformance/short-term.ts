import { describe, expect, it } from 'vitest'
import type { ShortTermStore } from '../../memory/short-term/short-term.ts'
import { type Clock, HOUR, MINUTE } from '../../runtime/core/clock.ts'

export interface ShortTermPlace extends AsyncDisposable {
  readonly store: ShortTermStore
  readonly clock: Clock & { pass(ms: number): void }
}

/** Ids that end as `1`, `10` and `12` of a sloppier scheme would. */
const TENANTS = ['001', '010', '012'].map((end) => `00000000-0000-7000-8000-000000000${end}`)

/** What short-term memory must do, whatever it stands on. */
export function shortTermConformance(openPlace: () => Promise<ShortTermPlace>): void {
  describe('short-term memory', () => {
    const [tenant = ''] = TENANTS

    it('gives back what was set, replaces it, and forgets it when told', async () => {
      await using place = await openPlace()
      const memory = place.store.forTenant(tenant)
      expect(await memory.get('sessions', 'a')).toBeUndefined()
      const value = { list: [1, 'two', null], text: 'ñ \u0001 "quoted"' }
      await memory.set('sessions', 'a', value)
      expect(await memory.get('sessions', 'a')).toEqual(value)
      await memory.set('sessions', 'a', false)
      expect(await memory.get('sessions', 'a')).toBe(false)
      await memory.delete('sessions', 'a')
      expect(await memory.get('sessions', 'a')).toBeUndefined()
    })

    it.each([
      ['sessions', 24 * HOUR],
      ['campaign', 2 * HOUR],
      ['conversation/thread-1', HOUR],
      ['ml_jobs', HOUR],
      ['upload_jobs', 10 * MINUTE],
      ['publishing/reels', 30 * MINUTE],
      ['cache', 30 * MINUTE],
      ['anything-else', 30 * MINUTE],
    ])('keeps %s for its own time', async (namespace, ttlMs) => {
      await using place = await openPlace()
      const memory = place.store.forTenant(tenant)
      await memory.set(namespace, 'key', 'value')
      place.clock.pass(ttlMs - 1)
      expect(await memory.get(namespace, 'key')).toBe('value')
      place.clock.pass(1)
      expect(await memory.get(namespace, 'key')).toBeUndefined()
    })

    it('keeps an entry as long as it is told, counted anew by each set', async () => {
      await using place = await openPlace()
      const memory = place.store.forTenant(tenant)
      await memory.set('cache', 'key', 1, 5 * MINUTE)
      place.clock.pass(4 * MINUTE)
      await memory.set('cache', 'key', 2, 5 * MINUTE)
      place.clock.pass(4 * MINUTE)
      expect(await memory.get('cache', 'key')).toBe(2)
      place.clock.pass(MINUTE)
      expect(await memory.get('cache', 'key')).toBeUndefined()
    })

    it('never mixes tenants, namespaces or keys, whatever signs stand in them', async () => {
      await using place = await openPlace()
      const names = [
        ['a', 'b:c'],
        ['a:b', 'c'],
        ['a', 'b","c'],
        ['a","b', 'c'],
        ['*', '*'],
        ['a/b', 'c'],
      ] as const
      for (const tenantId of TENANTS) {
        for (const [namespace, key] of names) {
          await place.store.forTenant(tenantId).set(namespace, key, `${tenantId} ${namespace} ${key}`)
        }
      }
      for (const tenantId of TENANTS) {
        for (const [namespace, key] of names) {
          expect(await place.store.forTenant(tenantId).get(namespace, key)).toBe(
            `${tenantId} ${namespace} ${key}`,
          )
        }
      }
    })

    it('forgets a person in keys and values of one tenant alone', async () => {
      await using place = await openPlace()
      const [mine, other] = [place.store.forTenant(tenant), place.store.forTenant(TENANTS[1] ?? '')]
      await mine.set('sessions', 'of-ana', { at: 1 })
      await mine.set('cache', 'x', { who: 'ana' })
      await mine.set('cache', 'y', { who: 'berta' })
      await other.set('cache', 'x', { who: 'ana' })
      expect(await place.store.forget(tenant, (text) => /\bana\b/.test(text))).toBe(2)
      expect(await mine.get('sessions', 'of-ana')).toBeUndefined()
      expect(await mine.get('cache', 'x')).toBeUndefined()
      expect(await mine.get('cache', 'y')).toEqual({ who: 'berta' })
      expect(await other.get('cache', 'x')).toEqual({ who: 'ana' })
    })
  })
}
