/** Reads environment, `.env` and agents.yaml and resolves them: what every command and the daemon start with. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { StakazoError } from '../core/errors.ts'
import type { Resolved } from './config.ts'
import { type Environment, listUnknownVariables, readEnvironment, VARIABLES } from './env.ts'
import { findNearest } from './nearest.ts'
import { parseAgentsFile } from './read-agents-file.ts'
import { resolveConfig } from './resolve.ts'

export interface LoadOptions {
  /** Path given by a person; then the file must exist. */
  readonly agentsFile?: string | undefined
  readonly environment?: Environment
  /** Flags of the command line: they win over the environment. */
  readonly overrides?: Environment
  readonly cwd?: string
}

/** Throws `config-invalid`. */
export async function loadConfig(options: LoadOptions = {}): Promise<Resolved & { warnings: string[] }> {
  const cwd = options.cwd ?? process.cwd()
  const warnings = options.environment ? [] : listSuspects()
  const environment = {
    ...readEnvironment(parseEnv((await readIfThere(resolve(cwd, '.env'))) ?? '')),
    ...(options.environment ?? readEnvironment()),
    ...options.overrides,
  }
  const named = options.agentsFile ?? environment.STAKAZO_CONFIG
  const path = resolve(cwd, named ?? 'agents.yaml')
  const text = await readIfThere(path)
  if (text === undefined && named !== undefined) {
    throw new StakazoError('config-invalid', `${path} is not there`)
  }
  if (text === undefined) return { ...resolveConfig({ environment, cwd }), warnings }
  const file = parseAgentsFile(text, named ?? 'agents.yaml')
  return { ...resolveConfig({ environment, file, agentsFile: path, cwd }), warnings }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw new StakazoError('config-invalid', `${path} cannot be read: ${cause.code ?? cause.message}`, {
      cause,
    })
  })
}

/** A typo in a variable's name would otherwise be without effect and without a word. */
function listSuspects(): string[] {
  return listUnknownVariables().map((name) => {
    const near = findNearest(name, Object.keys(VARIABLES))
    return `${name} is no variable of Stakazo${near ? `; did you mean ${near}?` : ''}`
  })
}
