/** A daemon of the demo's own, in a directory of its own: another process, as in real life. */
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mintApiKey } from '../../api/api-key.ts'
import { childEnvironment } from '../../config/env.ts'
import { SECOND, systemClock } from '../../core/clock.ts'
import { StakazoError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { systemRandom } from '../../core/random.ts'
import { findDaemon, readOwner, writeOwner } from '../../daemon-files.ts'
import { PACKAGE_ROOT } from '../../package-root.ts'
import { findSandbox } from '../../sandbox/launch.ts'
import type { SharedOptions } from '../cli.ts'
import { stopAll } from '../stop-all.ts'
import { DEMO_ENVIRONMENT, hasServedDatabase } from './demo-options.ts'

export interface DemoDaemon extends AsyncDisposable {
  readonly url: string
  readonly key: string
  readonly sandboxUrl: string
  readonly dataDir: string
}

/** The first start makes a database cluster; a cold disk may take its time. */
const START_MS_MAX = 120 * SECOND
const POLL_MS = 50

/** `isKept`: it outlives the demo, and so does its directory. Throws what the daemon said when it did not start. */
export async function startDemoDaemon(
  shared: SharedOptions,
  { isKept, signal }: { isKept: boolean; signal: AbortSignal },
): Promise<DemoDaemon> {
  const dataDir = shared.data ?? (await mkdtemp(join(tmpdir(), 'stakazo-demo-')))
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const end = async () => {
    await stopAll(dataDir, !hasServedDatabase())
    if (!shared.data) await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const key = await plantOwner(dataDir)
    const url = await launch(shared, dataDir, isKept, signal)
    const sandbox = await findSandbox(join(dataDir, 'sandbox'))
    if (!sandbox) throw new StakazoError('not-running', 'the sandbox does not answer')
    return {
      url,
      key,
      dataDir,
      sandboxUrl: sandbox.url,
      [Symbol.asyncDispose]: async () => {
        if (!isKept) await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** A tenant of this run's own, so that runs on one served database never meet. */
async function plantOwner(dataDir: string): Promise<string> {
  const known = await readOwner(dataDir)
  if (known) return known.key
  const tenantId = newId()
  const { text: key } = mintApiKey(tenantId, systemRandom)
  await writeOwner(dataDir, { tenantId, key })
  return key
}

async function launch(
  shared: SharedOptions,
  dataDir: string,
  isKept: boolean,
  signal: AbortSignal,
): Promise<string> {
  const output = join(dataDir, 'start.log')
  const log = openSync(output, 'a', 0o600)
  const bin = fileURLToPath(new URL('runtime/cli/bin.js', PACKAGE_ROOT))
  const config = shared.config ? ['--config', shared.config] : []
  // Without --keep its input is tied to us: should we be killed, it ends as well.
  const tether = isKept ? [] : ['--tether']
  const child = spawn(process.execPath, [bin, 'start', '--json', '--port', '0', ...tether, ...config], {
    detached: true,
    stdio: [isKept ? 'ignore' : 'pipe', log, log],
    env: childEnvironment({ ...DEMO_ENVIRONMENT, STAKAZO_DATA: dataDir }),
  })
  closeSync(log)
  child.unref()
  let hasEnded = false
  child.once('exit', () => {
    hasEnded = true
  })
  child.once('error', () => {
    hasEnded = true
  })
  const deadlineMs = systemClock.elapsedMs() + START_MS_MAX
  while (systemClock.elapsedMs() < deadlineMs && !hasEnded) {
    const found = await findDaemon(dataDir)
    if (found?.url && found.process.pid === child.pid) return found.url
    await systemClock.sleep(POLL_MS, signal)
  }
  const said = (await readFile(output, 'utf8').catch(() => '')).trim().split('\n').slice(-4).join('\n')
  throw new StakazoError('not-running', `the daemon did not start:\n${said}`)
}
