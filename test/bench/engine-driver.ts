/** A worker process: the real engine on the small team, until it is told to stop. */
import { openEngine, startWorking } from '../runtime/runs/open-engine.ts'
import { tinyTeam } from '../runtime/runs/tiny-team.ts'
import { answer } from './run-child.ts'

await answer(async ({ databaseUrl }: { databaseUrl: string }) => {
  const engine = await openEngine(
    databaseUrl,
    tinyTeam({ counted: [], during: async () => undefined }),
    15_000,
  )
  await startWorking(engine)
  await new Promise(() => setInterval(() => undefined, 60_000))
})
