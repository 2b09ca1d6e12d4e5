/** What a command is handed: the screen, the options everybody shares, and the way to a daemon. */
import type { Command } from 'commander'
import type { Resolved } from '../config/config.ts'
import type { Environment } from '../config/env.ts'
import { readEnvironment } from '../config/env.ts'
import { loadConfig } from '../config/load.ts'
import { StakazoError } from '../core/errors.ts'
import { findDaemon, readOwner } from '../daemon-files.ts'
import { type ApiClient, openApiClient } from './api-client.ts'
import type { ExitCode } from './exit-codes.ts'
import { openScreen, type Screen } from './screen.ts'

export interface SharedOptions {
  json?: boolean
  debug?: boolean
  config?: string
  data?: string
  url?: string
  key?: string
}

export interface Cli {
  readonly screen: Screen
  readonly shared: SharedOptions
  /** Throws `config-invalid`. */
  resolve(overrides?: Environment): Promise<Resolved & { warnings: string[] }>
  /** The daemon of `--url`, of STAKAZO_URL, else of the data directory. Throws `not-running` or `unauthorized`. */
  connect(): Promise<ApiClient>
}

export function openCli(shared: SharedOptions): Cli {
  const screen = openScreen({ isJson: shared.json === true, isDebug: shared.debug === true })
  const resolve = (overrides: Environment = {}) =>
    loadConfig({
      agentsFile: shared.config,
      overrides: { ...(shared.data ? { STAKAZO_DATA: shared.data } : {}), ...overrides },
    })
  return {
    screen,
    shared,
    resolve,
    async connect() {
      const environment = readEnvironment()
      const givenUrl = shared.url ?? environment.STAKAZO_URL
      const givenKey = shared.key ?? environment.STAKAZO_API_KEY
      if (givenUrl && givenKey) return openApiClient({ url: givenUrl, key: givenKey })
      const { config } = await resolve()
      const url = givenUrl ?? (await findDaemon(config.dataDir))?.url
      if (!url) throw new StakazoError('not-running', `no daemon runs on ${config.dataDir}`)
      const key = givenKey ?? (await readOwner(config.dataDir))?.key
      if (!key)
        throw new StakazoError('unauthorized', `${config.dataDir} holds no key; set STAKAZO_API_KEY or --key`)
      return openApiClient({ url, key })
    },
  }
}

/** A command answers with the exit code; throwing is answered by `main`. */
export type CommandAction<A extends unknown[]> = (cli: Cli, ...args: A) => Promise<ExitCode>

/** Binds an action: commander hands over arguments, the command's own options, then the command itself. */
export const act =
  <A extends unknown[]>(action: CommandAction<A>) =>
  async (...received: unknown[]): Promise<void> => {
    const command = received.at(-1) as Command
    const cli = openCli(command.optsWithGlobals<SharedOptions>())
    process.exitCode = await action(cli, ...(received.slice(0, -1) as A))
  }
