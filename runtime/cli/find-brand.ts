import type { Brand } from '../../runtime/core/entities.ts'
import { StakazoError } from '../core/errors.ts'
import type { ApiClient } from './api-client.ts'

/** By name or id; the only one when nobody is named. */
export async function findBrand(client: ApiClient, wanted: string | undefined): Promise<Brand> {
  const { items } = await client.get<{ items: Brand[] }>('/v1/brands', { limit: 200 })
  const found = wanted
    ? items.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase())
    : items
  const [only, other] = found
  if (only && !other) return only
  const names = items.map(({ name }) => name).join(', ')
  if (items.length === 0)
    throw new StakazoError('not-found', 'there is no brand yet; make one with `stakazo init`')
  throw new StakazoError(
    'bad-input',
    wanted
      ? `no brand or several are called "${wanted}"; there are ${names}`
      : `say which brand with --brand: ${names}`,
  )
}
