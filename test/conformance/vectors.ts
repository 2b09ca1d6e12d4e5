import { describe, expect, it } from 'vitest'
import type { Tx } from '../../db/tx.ts'
import { removeVectors, storeVectors } from '../../memory/vectors/store-vectors.ts'
import type { NearQuery, Vectors } from '../../memory/vectors/vectors.ts'
import { newId } from '../../runtime/core/ids.ts'
import { seededRandom } from '../../runtime/core/random.ts'

export interface VectorsPlace extends AsyncDisposable {
  readonly vectors: Vectors
  /** A transaction of the application role. */
  tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>
}

const MODEL = 'test:model'
const DIMENSIONS = 8

const random = seededRandom(11)
const direction = (): number[] => {
  const vector = Array.from({ length: DIMENSIONS }, () => random.next() * 2 - 1)
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

/** Cosine in double precision, the measure of both adapters. */
const cosine = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b))

/** Ids that end as `1`, `10` and `12` of a sloppier scheme would. */
export const TENANTS = ['001', '010', '012'].map((end) => `00000000-0000-7000-8000-000000000${end}`)

/** What every vector store must do, whatever it stands on. */
export function vectorsConformance(openPlace: () => Promise<VectorsPlace>): void {
  const add = (
    place: VectorsPlace,
    tenantId: string,
    brandId: string,
    list: readonly number[][],
    model = MODEL,
  ) => {
    const rows = list.map((vector) => ({
      ownerKind: 'item' as const,
      ownerId: newId(),
      brandId,
      model,
      vector,
    }))
    return place.tenant(tenantId, (tx) => storeVectors(tx, rows)).then(() => rows)
  }
  const search = (
    place: VectorsPlace,
    tenantId: string,
    query: Omit<NearQuery, 'model'> & { model?: string },
  ) => place.tenant(tenantId, (tx) => place.vectors.search(tx, { model: MODEL, ...query }))

  describe('vectors', () => {
    it('finds the nearest first, with their cosines', async () => {
      await using place = await openPlace()
      const [tenantId = '', brandId] = [TENANTS[0], newId()]
      const rows = await add(place, tenantId, brandId, Array.from({ length: 200 }, direction))
      const asked = direction()
      const expected = rows
        .map((row) => ({ id: row.ownerId, cosine: cosine(row.vector, asked) }))
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, 10)
      const near = await search(place, tenantId, { brandId, vector: asked, k: 10 })
      expect(near.map((one) => one.ownerId)).toEqual(expected.map((one) => one.id))
      for (const [index, one] of near.entries())
        expect(one.cosine).toBeCloseTo(expected[index]?.cosine ?? 0, 5)
    })

    it.each([1, 5, 400])(
      'returns as many as asked for or as there are of a small brand: k = %i',
      async (k) => {
        await using place = await openPlace()
        const [tenantId = '', small, big] = [TENANTS[0], newId(), newId()]
        await add(place, tenantId, big, Array.from({ length: 400 }, direction))
        const own = await add(place, tenantId, small, Array.from({ length: 5 }, direction))
        const near = await search(place, tenantId, { brandId: small, vector: direction(), k })
        expect(near).toHaveLength(Math.min(k, 5))
        const ids = new Set(own.map((row) => row.ownerId))
        expect(near.every((one) => ids.has(one.ownerId))).toBe(true)
      },
    )

    it("never returns another tenant's, however alike their ids, brands and models are named", async () => {
      await using place = await openPlace()
      const brandId = newId()
      const models = [MODEL, `${MODEL}:`, `${MODEL}:1`, `"${MODEL}"`]
      const owners = new Map<string, string>()
      for (const tenantId of TENANTS) {
        for (const model of models) {
          for (const row of await add(
            place,
            tenantId,
            brandId,
            Array.from({ length: 7 }, direction),
            model,
          )) {
            owners.set(row.ownerId, `${tenantId} ${model}`)
          }
        }
      }
      for (const tenantId of TENANTS) {
        for (const model of models) {
          const near = await search(place, tenantId, { brandId, model, vector: direction(), k: 100 })
          expect(near.map((one) => owners.get(one.ownerId))).toEqual(Array(7).fill(`${tenantId} ${model}`))
        }
      }
    })

    it('does not compare vectors of another length', async () => {
      await using place = await openPlace()
      const [tenantId = '', brandId] = [TENANTS[0], newId()]
      await add(place, tenantId, brandId, [[1, 0], direction()])
      expect(await search(place, tenantId, { brandId, vector: [1, 0], k: 5 })).toHaveLength(1)
    })

    it('sees what was added and what was removed since the last question', async () => {
      await using place = await openPlace()
      const [tenantId = '', brandId] = [TENANTS[0], newId()]
      const ask = async () => (await search(place, tenantId, { brandId, vector: direction(), k: 100 })).length
      expect(await ask()).toBe(0)
      const [first] = await add(place, tenantId, brandId, [direction(), direction()])
      expect(await ask()).toBe(2)
      await place.tenant(tenantId, (tx) => removeVectors(tx, 'item', [first?.ownerId ?? '']))
      expect(await ask()).toBe(1)
      await add(place, tenantId, brandId, [direction()])
      expect(await ask()).toBe(2)
    })

    it('keeps the vector it has when the same one comes again', async () => {
      await using place = await openPlace()
      const [tenantId = '', brandId] = [TENANTS[0], newId()]
      const [row] = await add(place, tenantId, brandId, [direction()])
      await place.tenant(tenantId, (tx) => storeVectors(tx, row ? [row] : []))
      expect(await search(place, tenantId, { brandId, vector: direction(), k: 9 })).toHaveLength(1)
    })
  })
}
