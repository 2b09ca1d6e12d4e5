import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Brand, NETWORKS, type Network } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import { PACKAGE_ROOT } from '../../package-root.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

interface InitOptions {
  name?: string
  language?: string
  zone?: string
  voice?: string
  networks?: string
  guide?: string
}

export const initCommand = () =>
  command(
    'init',
    'write agents.yaml, ask five questions',
    'stakazo init --name "Luna Café" --language es --zone Europe/Madrid',
  )
    .option('--name <name>', 'the brand’s name')
    .option('--language <code>', 'en, es, …')
    .option('--zone <zone>', 'IANA time zone, e.g. Europe/Madrid')
    .option('--voice <words>', 'tone, comma separated: warm, direct, playful')
    .option('--networks <list>', 'comma separated')
    .option('--guide <file>', 'brand guide to read besides')
    .action(act(init))

async function init(cli: Cli, options: InitOptions) {
  const { screen } = cli
  const answers = await askFor(screen, options)
  const wrote = await writeAgentsFile(cli.shared.config ?? 'agents.yaml', answers.networks)
  screen.line(wrote ? `wrote ${wrote}` : 'agents.yaml is there already and was left as it is')
  const client = await cli.connect().catch((error: unknown) => {
    if (error instanceof StakazoError && ['not-running', 'unauthorized'].includes(error.code))
      return undefined
    throw error
  })
  if (!client) {
    const message = 'the brand is not made yet: start the daemon and run the same line again'
    if (screen.isJson) screen.json({ agentsFile: wrote ?? null, brand: null, next: 'stakazo start' })
    screen.line(`${message}\n  stakazo start\n  ${lineOf(answers)}`)
    return EXIT.waiting
  }
  const { name, language, zone, tone } = answers
  const brand = await client.send<Brand>('POST', '/v1/brands', { name, language, zone, voice: { tone } })
  if (screen.isJson) screen.json({ agentsFile: wrote ?? null, brand })
  screen.line(`brand ${brand.name} (${brand.language}, ${brand.zone}) is ${brand.id}`)
  screen.line(`next: ${answers.networks.map((network) => `stakazo connect ${network}`).join(', ')}`)
  return EXIT.done
}

interface Answers {
  name: string
  language: string
  zone: string
  tone: string[]
  networks: Network[]
}

async function askFor(screen: Cli['screen'], given: InitOptions): Promise<Answers> {
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  const one = async (value: string | undefined, question: string, usual: string): Promise<string> =>
    value ?? (screen.isInteractive ? (await screen.ask(`${question} [${usual}]: `)) || usual : usual)
  const name = given.name ?? (screen.isInteractive ? await screen.ask('brand name: ') : '')
  if (!name) throw new StakazoError('bad-input', 'a brand needs a name: --name')
  const language = await one(given.language, 'language', 'en')
  const zone = await one(given.zone, 'time zone', ownZone)
  const voice = await one(given.voice, 'voice, in a few words', 'warm, clear')
  const networks = await one(given.networks, 'networks', NETWORKS.join(','))
  return { name, language, zone, tone: split(voice), networks: split(networks).map(toNetwork) }
}

const split = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)

function toNetwork(text: string): Network {
  const network = NETWORKS.find((one) => one === text)
  if (network) return network
  throw new StakazoError(
    'unsupported-platform',
    `"${text}" is no network of this version; there is ${NETWORKS.join(', ')}`,
  )
}

/** The shipped file with the chosen networks; never over one that exists. */
async function writeAgentsFile(path: string, networks: readonly Network[]): Promise<string | undefined> {
  if (existsSync(path)) return undefined
  const shipped = await readFile(new URL('agents.yaml', PACKAGE_ROOT), 'utf8')
  const schema = new URL('runtime/config/agents.schema.json', PACKAGE_ROOT)
  const found = existsSync(schema) ? schema : new URL('dist/runtime/config/agents.schema.json', PACKAGE_ROOT)
  const text = shipped.replace(/\$schema=\S+/, `$schema=${pathToFileURL(fileURLToPath(found)).href}`)
  await writeFile(path, `${text}\nnetworks: [${networks.join(', ')}]\n`, { flag: 'wx' })
  return path
}

const lineOf = ({ name, language, zone, tone, networks }: Answers): string =>
  `stakazo init --name ${JSON.stringify(name)} --language ${language} --zone ${zone} --voice ${JSON.stringify(tone.join(', '))} --networks ${networks.join(',')}`
