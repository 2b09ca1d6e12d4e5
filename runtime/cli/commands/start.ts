import { join } from 'node:path'
import { Option } from 'commander'
import { SECOND } from '../../core/clock.ts'
import { StakazoError } from '../../core/errors.ts'
import type { Daemon } from '../../daemon.ts'
import { DAEMON_ROLES, type DaemonRole } from '../../daemon-files.ts'
import { openLog } from '../../log.ts'
import { showTime } from '../answer-approval.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { onInterrupt } from '../on-interrupt.ts'
import { stopAll } from '../stop-all.ts'

interface StartOptions {
  role: string
  port?: string
  host?: string
  log?: string
  tether?: boolean
}

/** An orderly end takes a few seconds; whatever hangs longer is left to the leases, which give its work to others. */
const LAST_RESORT_MS = 10 * SECOND

export const startCommand = () =>
  command('start', 'run the daemon until told to stop', 'stakazo start --port 7411')
    .option('--role <role>', 'all, api, worker or scheduler', 'all')
    .option('--port <port>', 'port to listen on (STAKAZO_PORT)')
    .option('--host <address>', 'address to listen on (STAKAZO_HOST)')
    .option('--log <file>', 'where logs go; - is standard error (default <data>/daemon.log)')
    .addOption(new Option('--tether', 'end when standard input ends, with sandbox and database').hideHelp())
    .action(act(start))

async function start(cli: Cli, options: StartOptions) {
  const { screen } = cli
  const role = DAEMON_ROLES.find((one) => one === options.role)
  if (!role)
    throw new StakazoError('bad-input', `--role ${options.role} is none of ${DAEMON_ROLES.join(', ')}`)
  const resolved = await cli.resolve({
    ...(options.port ? { STAKAZO_PORT: options.port } : {}),
    ...(options.host ? { STAKAZO_HOST: options.host } : {}),
  })
  for (const warning of resolved.warnings) screen.warn(warning)
  const log = openLog({ destination: options.log ?? join(resolved.config.dataDir, 'daemon.log') })
  // A cancelled run whose promise nobody awaited any more must not take the others with it.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a failure that nobody waited for'))
  // Loaded here alone: the other commands need none of what the daemon weighs.
  const { startDaemon } = await import('../../daemon.ts')
  process.removeAllListeners('warning').on('warning', (warning) => log.warn({ err: warning }, 'node warns'))
  using interrupt = onInterrupt()
  if (options.tether) process.stdin.once('close', interrupt.raise).resume()
  const daemon = await startDaemon(resolved, { role, log, overrides: { signal: interrupt.signal } })
  await introduce(cli, daemon, role)
  if (!interrupt.signal.aborted)
    await new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve))
  screen.line('stopping; unfinished work waits for the next start')
  const lastResort = setTimeout(() => {
    log.error('the end took too long')
    process.exit(EXIT.failed)
  }, LAST_RESORT_MS)
  lastResort.unref()
  await daemon[Symbol.asyncDispose]()
  clearTimeout(lastResort)
  if (options.tether) {
    await stopAll(resolved.config.dataDir, resolved.config.database === 'embedded')
    process.stdin.destroy() // else an open pipe keeps us alive
  }
  return EXIT.done
}

async function introduce({ screen }: Cli, daemon: Daemon, role: DaemonRole): Promise<void> {
  const { context, url, owner } = daemon
  const lines = await describe(daemon)
  if (screen.isJson) {
    const { newKey = null, tenantId = null } = owner ?? {}
    const { dataDir, mode } = context.resolved.config
    const ready = { ready: true, url: url ?? null, pid: process.pid, instance: daemon.instance, role, mode }
    screen.json({
      ...ready,
      dataDir,
      tenantId,
      ownerKey: newKey,
      sandboxUrl: context.sandboxUrl ?? null,
      ...lines,
    })
    return
  }
  for (const [name, value] of Object.entries(lines))
    screen.line(`${screen.style('bold', name.padEnd(10))} ${value}`)
  if (url) screen.line(`\nlistening on ${url}   reference: ${url}/docs   stop: Ctrl-C or stakazo stop`)
  if (owner?.newKey) {
    screen.line(`\nowner key, shown once:  ${screen.style('bold', owner.newKey)}`)
    screen.line(
      screen.style(
        'dim',
        'commands on this machine find it in the data directory; keep a copy for elsewhere',
      ),
    )
  } else if (url && !owner) screen.warn('this directory holds no key of the tenants in the database')
}

async function describe({ context, owner }: Daemon) {
  const { config } = context.resolved
  const { db, models, sandboxUrl } = context
  const { listNextCycles } = await import('../../../db/queries/next-cycles.ts')
  const next = owner ? await db.tenant(owner.tenantId, (tx) => listNextCycles(tx, 1)) : []
  const tiers = models.describe().map(({ tier, chain }) => `${tier}: ${chain.join(', ')}`)
  const isOffline = models.describe().every(({ chain }) => chain.every((link) => link === 'playbook'))
  return {
    store: `${config.database} PostgreSQL, ${config.fastStore === 'redis' ? 'Redis, ' : ''}data in ${config.dataDir}`,
    models: isOffline ? 'playbooks only: no model is configured, rules answer' : tiers.join('; '),
    platforms: `${config.networks.join(', ')} (${config.mode}${sandboxUrl ? ` at ${sandboxUrl}` : ''})`,
    next: next[0] ? `${next[0].cycle} ${showTime(next[0].dueAt, 'UTC')}` : 'no cycle is enabled',
  }
}
