import { describe } from 'vitest'
import { wallsConformance } from '../conformance/walls.ts'
import { isServedPostgresUp } from '../support/postgres.ts'

describe.skipIf(!(await isServedPostgresUp()))('tenants on a served Postgres (skipped: none answers)', () => {
  wallsConformance('served')
})
