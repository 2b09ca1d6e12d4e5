import { systemClock } from '../../core/clock.ts'
import { systemRandom } from '../../core/random.ts'
import { openLog } from '../../log.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

export const migrateCommand = () =>
  command(
    'migrate',
    'bring the database to this version',
    'DATABASE_URL=postgres://… stakazo migrate',
  ).action(act(migrate))

async function migrate({ screen, resolve }: Cli) {
  const { openStorage } = await import('../../open-storage.ts')
  const resolved = await resolve()
  const log = openLog({ destination: '-', level: 'warn' })
  await using storage = await openStorage(resolved, { clock: systemClock, random: systemRandom, log })
  const where = storage.embedded ? `the embedded database in ${resolved.config.dataDir}` : 'DATABASE_URL'
  if (screen.isJson) screen.json({ migrated: true, database: resolved.config.database })
  screen.line(`${where} has every table of this version`)
  return EXIT.done
}
