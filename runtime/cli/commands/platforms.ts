import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

export const platformsCommand = () =>
  command('platforms', 'which networks this version can publish on', 'stakazo platforms --json').action(
    act(platforms),
  )

async function platforms({ screen }: Cli) {
  const { connectors } = await import('../../../tools/connectors/index.ts')
  const items = Object.values(connectors).map(({ network, origins, quota }) => ({
    network,
    origins,
    publications: quota.publications,
    perMs: quota.perMs,
    connect: `stakazo connect ${network} --token <token>`,
  }))
  if (screen.isJson) screen.json({ items })
  for (const { network, origins, publications, perMs, connect } of items) {
    screen.line(
      `${screen.style('bold', network)}  ${publications} publications in ${perMs / 3_600_000} h  ${screen.style('dim', origins.join(', '))}`,
    )
    screen.line(`  ${connect}`)
  }
  return EXIT.done
}
