import { join } from 'node:path'
import { stopEmbeddedPostgres } from '../../db/embedded.ts'
import { SECOND, systemClock } from '../core/clock.ts'
import { type DaemonFile, listDaemons } from '../daemon-files.ts'
import { isSameProcess } from '../process-identity.ts'
import { stopSandbox } from '../sandbox/launch.ts'

/** Longer than the daemon's own last resort. */
const PATIENCE_MS = 15 * SECOND

/** Ends everything of a directory, in this order: the daemon writes until its end, the database goes last. */
export async function stopAll(dataDir: string, isEmbedded: boolean) {
  const daemons = await listDaemons(dataDir)
  for (const daemon of daemons) await endDaemon(daemon)
  const { stopped: sandbox } = await stopSandbox({ dataDir: join(dataDir, 'sandbox') })
  const database = isEmbedded && (await stopEmbeddedPostgres({ dataDir }))
  return { daemons: daemons.length, sandbox, database }
}

async function endDaemon({ process: one }: DaemonFile): Promise<void> {
  process.kill(one.pid, 'SIGTERM')
  const deadlineMs = systemClock.elapsedMs() + PATIENCE_MS
  while (isSameProcess(one)) {
    if (systemClock.elapsedMs() > deadlineMs) {
      process.kill(one.pid, 'SIGKILL')
      return
    }
    await systemClock.sleep(50)
  }
}
