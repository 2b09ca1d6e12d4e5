/** Every request the API answers, by hand. */
import type { AnyRoute } from '../route.ts'
import { accountRoutes } from './accounts.ts'
import { approvalRoutes } from './approvals.ts'
import { assetRoutes } from './assets.ts'
import { brandRoutes } from './brands.ts'
import { clipRoutes } from './clips.ts'
import { keyRoutes } from './keys.ts'
import { metricRoutes } from './metrics.ts'
import { policyRoutes } from './policy.ts'
import { postRoutes } from './posts.ts'
import { publicationRoutes } from './publications.ts'
import { recordRoutes } from './records.ts'
import { statusRoutes } from './status.ts'
import { taskRoutes } from './tasks.ts'
import { tenantRoutes } from './tenants.ts'

export const routes: readonly AnyRoute[] = [
  ...taskRoutes,
  ...approvalRoutes,
  ...assetRoutes,
  ...clipRoutes,
  ...postRoutes,
  ...publicationRoutes,
  ...brandRoutes,
  ...accountRoutes,
  ...metricRoutes,
  ...recordRoutes,
  ...statusRoutes,
  ...policyRoutes,
  ...keyRoutes,
  ...tenantRoutes,
]
