import { describe } from 'vitest'
import { queueConformance } from '../../conformance/queue.ts'
import { isServedPostgresUp } from '../../support/postgres.ts'
import { openPostgresServer } from './postgres-server.ts'

describe.skipIf(!(await isServedPostgresUp()))('on a served Postgres (skipped: none answers)', () => {
  queueConformance(() => openPostgresServer('served'))
})
