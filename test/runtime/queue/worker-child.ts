/** A worker's stand-in: takes one job, says which, and sits on it until killed. */
import { openQueue } from '../../../runtime/queue/open-queue.ts'

const { kind, lockMs, ...server } = JSON.parse(process.argv[2] ?? '{}')
const queue = await openQueue({ ...server, kinds: [kind], lockMs, log: { info() {}, warn() {} } })
await queue.work(
  [kind],
  async (job) => {
    process.stdout.write(`${job.id}\n`)
    await new Promise(() => setInterval(() => undefined, 60_000))
  },
  { concurrency: 1 },
)
