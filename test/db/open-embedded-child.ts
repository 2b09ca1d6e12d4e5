/** A daemon's stand-in: opens the database of the given directory, tells what it got, and stays until killed. */
import { openEmbeddedPostgres } from '../../db/embedded.ts'
import { fromUnknown } from '../../runtime/core/errors.ts'

const [dataDir = ''] = process.argv.slice(2)
const silent = { info: () => undefined, warn: () => undefined }

try {
  const { url, serverPid, ownerPid, reused } = await openEmbeddedPostgres({ dataDir, log: silent })
  process.stdout.write(`${JSON.stringify({ url, serverPid, ownerPid, reused })}\n`)
  setInterval(() => undefined, 60_000)
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: fromUnknown(error).message })}\n`)
}
