import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AGENTS_SCHEMA_FILE, agentsJsonSchema } from '../../../runtime/config/agents-schema.ts'
import { type Environment, readEnvironment, VARIABLES } from '../../../runtime/config/env.ts'
import { loadConfig } from '../../../runtime/config/load.ts'
import { parseAgentsFile } from '../../../runtime/config/read-agents-file.ts'
import { resolveConfig } from '../../../runtime/config/resolve.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const resolve = (environment: Environment, file = {}) => resolveConfig({ environment, file, cwd: '/srv' })

describe('agents.yaml', () => {
  it('names line and nearest key for every unknown key at once', () => {
    const text = 'polcy:\n  autonomy: act\nagents:\n  content-creater: {}\n  strategy:\n    limts: {}\n'
    expect(() => parseAgentsFile(text)).toThrow(
      [
        'agents.yaml:1: unknown key "polcy"; did you mean "policy"?',
        'agents.yaml:4: unknown key "content-creater" in agents; did you mean "content-creator"?',
        'agents.yaml:6: unknown key "limts" in agents.strategy; did you mean "limits"?',
      ].join('\n'),
    )
  })

  it('lists what is known where no key is near', () => {
    expect(() => parseAgentsFile('store:\n  zzzzzzzzzz: 1\n')).toThrow('known: shared')
  })

  it('names the line of a wrong value inside a list', () => {
    const text = 'cycles:\n  - name: a-b\n    cron: x\n    message: hi\n    zone: Mars/Base\n'
    expect(() => parseAgentsFile(text)).toThrow('agents.yaml:5: cycles.0.zone: not an IANA time zone')
  })

  it('names line and column of broken YAML', () => {
    expect(() => parseAgentsFile('agents:\n  strategy: [1, 2\nfoo: bar\n')).toThrow(/agents\.yaml:\d+:\d+: /)
  })

  it('is valid as shipped', () => {
    expect(parseAgentsFile(readFileSync('agents.yaml', 'utf8')).cycles?.map(({ name }) => name)).toEqual([
      'daily-content',
      'hourly-monitor',
    ])
  })

  it('has a current JSON schema for editors', () => {
    expect(JSON.parse(readFileSync(AGENTS_SCHEMA_FILE, 'utf8'))).toEqual(JSON.parse(agentsJsonSchema()))
  })
})

describe('the environment', () => {
  it('wins over agents.yaml, and defaults fill the rest', () => {
    const { config } = resolve({ STAKAZO_PORT: '0' }, { limits: { workers: 7 } })
    expect(config.http).toEqual({ host: '127.0.0.1', port: 0, publicUrl: undefined })
    expect(config.limits).toMatchObject({ workers: 7, tasksPerMinute: 20 })
    expect(config.mode).toBe('sandbox')
    expect(config.dataDir).toBe('/srv/data')
  })

  it('is frozen to the bottom once resolved', () => {
    const { config } = resolve({})
    expect(() => Object.assign(config.limits, { workers: 9 })).toThrow(TypeError)
  })

  it('counts an empty variable as absent', () => {
    expect(readEnvironment({ DATABASE_URL: ' ', STAKAZO_MODE: 'live' })).toEqual({ STAKAZO_MODE: 'live' })
  })

  it.each([
    [{ STAKAZO_MODE: 'live', STAKAZO_ORIGINS: '{}' }, 'STAKAZO_ORIGINS redirects platforms'],
    [{ STAKAZO_MODE: 'production' }, 'STAKAZO_MODE is "production"'],
    [{ STAKAZO_PORT: '99999' }, 'STAKAZO_PORT is "99999"'],
    [{ STAKAZO_ORIGINS: '[]' }, 'STAKAZO_ORIGINS is no JSON object'],
    [{ STAKAZO_MODE: 'live', DATABASE_URL: 'postgres://a/b' }, 'STAKAZO_MASTER_KEY is missing'],
    [{ STAKAZO_MASTER_KEY: 'short' }, 'STAKAZO_MASTER_KEY is not 32 bytes'],
    [{ FFMPEG_PATH: '/usr/bin/ffmpeg' }, 'FFMPEG_PATH and FFPROBE_PATH belong together'],
    [{ REDIS_URL: 'http://x' }, 'REDIS_URL is no URL that starts with redis://'],
  ] as [Environment, string][])('refuses %j at start by name', (environment, message) => {
    expect(() => resolve(environment)).toThrow(message)
  })

  it('reports all contradictions at once and never quotes a database URL', () => {
    const environment = { STAKAZO_PORT: 'x', DATABASE_URL: 'mysql://root:hunter2@db/x' }
    expect(() => resolve(environment)).toThrow(/STAKAZO_PORT[\s\S]*DATABASE_URL is no URL/)
    expect(() => resolve(environment)).not.toThrow(/hunter2/)
  })

  it('refuses a cycle whose cron line cannot be read', () => {
    const file = parseAgentsFile('cycles:\n  - { name: daily, cron: "61 * * * *", message: hi }\n')
    expect(() => resolve({}, file)).toThrow('"daily" has no readable cron line')
  })

  it('prints secrets as dots wherever they are printed', () => {
    const { secrets } = resolve({ OPENAI_API_KEY: 'sk-very-secret', DATABASE_URL: 'postgres://u:pw@h/d' })
    for (const text of [JSON.stringify(secrets), inspect(secrets, { depth: 9 }), `${secrets.databaseUrl}`]) {
      expect(text).not.toMatch(/very-secret|pw@/)
      expect(text).toContain('••••••••')
    }
    expect(secrets.providerKeys.openai?.reveal()).toBe('sk-very-secret')
  })

  it('is listed in full in .env.example', () => {
    const listed = [...readFileSync('.env.example', 'utf8').matchAll(/^# ?([A-Z_]+)=/gm)].map(
      ([, name]) => name,
    )
    expect(listed.sort()).toEqual(Object.keys(VARIABLES).sort())
  })
})

describe('loading', () => {
  it('complains about a file that was named and is missing', async () => {
    using directory = temporaryDirectory('config')
    await expect(
      loadConfig({ agentsFile: 'mine.yaml', environment: {}, cwd: directory.path }),
    ).rejects.toMatchObject({ code: 'config-invalid', message: expect.stringContaining('is not there') })
  })

  it('reads .env beside agents.yaml, and a variable of the shell wins over it', async () => {
    using directory = temporaryDirectory('config')
    writeFileSync(join(directory.path, '.env'), 'STAKAZO_PORT=1234\nSTAKAZO_HOST=127.0.0.9 # comment\n')
    const { config } = await loadConfig({ environment: { STAKAZO_PORT: '4321' }, cwd: directory.path })
    expect(config.http).toMatchObject({ host: '127.0.0.9', port: 4321 })
  })

  it('runs on defaults where no agents.yaml is', async () => {
    using directory = temporaryDirectory('config')
    const { config } = await loadConfig({ environment: {}, cwd: directory.path })
    expect(config.agentsFile).toBeUndefined()
    expect(config.policy.autonomy).toBe('propose')
  })
})
