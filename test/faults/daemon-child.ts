/**
 * A daemon as `stakazo start` runs it, made to be killed: its leases last seconds, so that a round of kills takes a
 * minute and not an hour. `node test/faults/daemon-child.ts '{"role":"all"}'`, the rest by the environment.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { loadConfig } from '../../runtime/config/load.ts'
import { HOUR } from '../../runtime/core/clock.ts'
import { startDaemon } from '../../runtime/daemon.ts'
import { DAEMON_ROLES } from '../../runtime/daemon-files.ts'
import { openLog } from '../../runtime/log.ts'
import { LEASE_MS, SETTLE_MS } from './durations.ts'

const { role, sandboxUrl } = z
  .strictObject({ role: z.enum(DAEMON_ROLES), sandboxUrl: z.url().optional() })
  .parse(JSON.parse(process.argv[2] ?? '{}'))
const resolved = await loadConfig()
const log = openLog({ destination: join(resolved.config.dataDir, `${role}.log`) })
process.on('unhandledRejection', (error) => log.error({ err: error }, 'a failure that nobody waited for'))
const asked = Promise.withResolvers<void>()
process.once('SIGTERM', () => asked.resolve())
// Whoever tries us may be killed as well.
process.once('disconnect', () => asked.resolve())
{
  await using _daemon = await startDaemon(resolved, {
    role,
    log,
    overrides: {
      leaseMs: LEASE_MS,
      ...(sandboxUrl === undefined ? {} : { sandboxUrl }),
      effectTimings: {
        leaseMs: LEASE_MS,
        retryMs: [200, 2_000],
        lookMs: [200, 400, 800, 1_500],
        settleMs: SETTLE_MS,
        // Nothing but the task itself moves while it is watched.
        metricsMs: [HOUR],
      },
    },
  })
  process.send?.('ready')
  await asked.promise
}
// The channel alone would keep us up.
if (process.connected) process.disconnect()
