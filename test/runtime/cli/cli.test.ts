import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildProgram } from '../../../runtime/cli/program.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

interface Ran {
  code: number
  out: string
  err: string
}

/** The real command, as another process, away from any agents.yaml or data of this clone. */
function stakazo(cwd: string, ...args: string[]): Promise<Ran> {
  const bin = join(import.meta.dirname, '../../../runtime/cli/bin.js')
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { cwd }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })
}

describe('stakazo', () => {
  it('shows one screen of help with every command, its place for data and its exit codes', async () => {
    using directory = temporaryDirectory('cli')
    const { code, out } = await stakazo(directory.path, '--help')
    expect(code).toBe(0)
    expect(out.split('\n').length).toBeLessThan(40)
    for (const { name } of buildProgram().commands.map((one) => ({ name: one.name() })))
      expect(out).toContain(`stakazo ${name}`)
    expect(out).toContain('4 stopped by policy')
  })

  it.each(buildProgram().commands.map((one) => [one.name(), one] as const))(
    'ends the help of %s in an example',
    (name, command) => {
      let help = ''
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
      expect(help).toMatch(new RegExp(`Example:\\n  \\$ (\\S+=\\S+ )?stakazo ${name}`))
    },
  )

  it.each([
    [['status', '--bogus'], "unknown option '--bogus'"],
    [['statsu'], 'Did you mean status?'],
    [['ask'], "missing required argument 'task'"],
  ])('ends with 2 for wrong usage %j', async (args, message) => {
    using directory = temporaryDirectory('cli')
    const { code, err } = await stakazo(directory.path, ...args)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('says code, what happened and what next, and no stack unless asked', async () => {
    using directory = temporaryDirectory('cli')
    const plain = await stakazo(directory.path, 'status')
    expect(plain).toMatchObject({ code: 1, out: '' })
    expect(plain.err).toMatch(/^error not-running: no daemon runs on .*\nnext: Start the daemon/)
    expect(plain.err).not.toContain('    at ')
    expect((await stakazo(directory.path, 'status', '--debug')).err).toContain('    at ')
  })

  it('prints a failure as JSON with --json', async () => {
    using directory = temporaryDirectory('cli')
    const { out } = await stakazo(directory.path, 'status', '--json')
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'not-running' } })
  })

  it.each([
    [['connect', 'myspace', '--token', 'x'], 'unsupported-platform'],
    [['demo', 'missing.mp4'], 'missing.mp4 cannot be read: ENOENT'],
    [['import', 'metrics', 'missing.csv'], 'missing.csv cannot be read: ENOENT'],
    [['start', '--role', 'boss'], '--role boss is none of all, api, worker, scheduler'],
    [['start', '--port', '99999'], 'STAKAZO_PORT is "99999"'],
  ])('refuses %j by name before anything starts', async (args, message) => {
    using directory = temporaryDirectory('cli')
    const { code, err } = await stakazo(directory.path, ...args)
    expect(code).toBe(1)
    expect(err).toContain(message)
  })

  it('names the line of a wrong agents.yaml', async () => {
    using directory = temporaryDirectory('cli')
    writeFileSync(join(directory.path, 'agents.yaml'), 'policy:\n  autonmy: act\n')
    const { err } = await stakazo(directory.path, 'doctor')
    expect(err).toContain('agents.yaml:2: unknown key "autonmy" in policy; did you mean "autonomy"?')
  })

  it('writes agents.yaml once, and says how to go on without a daemon', async () => {
    using directory = temporaryDirectory('cli')
    const line = ['init', '--name', 'Luna', '--language', 'es', '--zone', 'Europe/Madrid', '--voice', 'warm']
    const first = await stakazo(directory.path, ...line)
    expect(first.code).toBe(3)
    expect(first.out).toMatch(/wrote agents\.yaml[\s\S]*stakazo start/)
    expect((await stakazo(directory.path, ...line)).out).toContain('left as it is')
    expect((await stakazo(directory.path, 'doctor')).out).toContain(join(directory.path, 'agents.yaml'))
  })

  it('examines the machine without a daemon', async () => {
    using directory = temporaryDirectory('cli')
    const { out } = await stakazo(directory.path, 'doctor', '--json')
    const { findings } = JSON.parse(out) as { findings: { what: string }[] }
    expect(findings.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['node', 'ffmpeg', 'database', 'queue', 'disk', 'sandbox', 'keys', 'port']),
    )
  })
})
