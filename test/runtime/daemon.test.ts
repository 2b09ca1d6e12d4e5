import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openApiClient } from '../../runtime/cli/api-client.ts'
import { stopAll } from '../../runtime/cli/stop-all.ts'
import { findDaemon, listDaemons } from '../../runtime/daemon-files.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const BIN = join(import.meta.dirname, '../../runtime/cli/bin.js')

/** A data directory whose daemon, sandbox and database end with the test. */
function daemonDirectory() {
  const directory = temporaryDirectory('daemon')
  return {
    path: directory.path,
    async [Symbol.asyncDispose]() {
      await stopAll(directory.path, true)
      directory[Symbol.dispose]()
    },
  }
}

interface Started {
  readonly pid: number
  readonly ended: Promise<{ code: number | null; out: string; err: string }>
  ready(): Promise<Record<string, unknown>>
}

function start(dataDir: string, ...args: string[]): Started {
  const env = { ...process.env, DATABASE_URL: '', REDIS_URL: '', STAKAZO_DATA: dataDir }
  const child = spawn(process.execPath, [BIN, 'start', '--json', '--port', '0', ...args], {
    env,
    cwd: dataDir,
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.once('exit', (code) => resolve({ code, out, err }))
  })
  return {
    pid: child.pid ?? 0,
    ended,
    ready: () =>
      eventually(() => JSON.parse(out.split('\n')[0] ?? '') as Record<string, unknown>, { withinMs: 60_000 }),
  }
}

describe('stakazo start', () => {
  it('shows the owner key once, keeps it readable by its owner alone, and ends in order on SIGTERM', async () => {
    await using directory = daemonDirectory()
    const first = start(directory.path)
    const ready = await first.ready()
    expect(ready).toMatchObject({
      ready: true,
      role: 'all',
      mode: 'sandbox',
      ownerKey: expect.stringMatching(/^stk_/),
    })
    expect(statSync(join(directory.path, 'owner.json')).mode & 0o777).toBe(0o600)
    const client = openApiClient({ url: String(ready.url), key: String(ready.ownerKey) })
    expect(await client.get('/v1/status')).toMatchObject({ mode: 'sandbox', troubles: [] })
    process.kill(first.pid, 'SIGTERM')
    expect(await first.ended).toMatchObject({ code: 0, err: '' })
    expect(existsSync(join(directory.path, 'daemon.json'))).toBe(false)

    const second = start(directory.path)
    const again = await second.ready()
    expect(again.ownerKey).toBeNull()
    const later = openApiClient({ url: String(again.url), key: String(ready.ownerKey) })
    expect(await later.get('/v1/tenant')).toMatchObject({ id: ready.tenantId })
    process.kill(second.pid, 'SIGINT')
    expect((await second.ended).code).toBe(0)
  })

  it('refuses a second daemon on the directory by process and address, and leaves the first alone', async () => {
    await using directory = daemonDirectory()
    const first = start(directory.path)
    const { url } = await first.ready()
    const { code, err } = await start(directory.path).ended
    expect(code).toBe(1)
    expect(err).toContain(
      `error already-running: process ${first.pid} (role all) at ${url} owns ${directory.path}`,
    )
    expect((await findDaemon(directory.path))?.process.pid).toBe(first.pid)
  })

  it('lets exactly one of several that start at once have the directory', async () => {
    await using directory = daemonDirectory()
    const rivals = [start(directory.path), start(directory.path), start(directory.path)]
    await eventually(async () => (await findDaemon(directory.path))?.url, { withinMs: 60_000 })
    const winner = (await findDaemon(directory.path))?.process.pid
    const losers = rivals.filter(({ pid }) => pid !== winner)
    expect(losers).toHaveLength(2)
    for (const loser of losers)
      expect(await loser.ended).toMatchObject({ code: 1, err: expect.stringContaining('already-running') })
  })

  it('takes over after kill -9: the same data, the same key', async () => {
    await using directory = daemonDirectory()
    const first = start(directory.path)
    const { ownerKey, url } = await first.ready()
    await openApiClient({ url: String(url), key: String(ownerKey) }).send('POST', '/v1/brands', {
      name: 'Kept',
    })
    process.kill(first.pid, 'SIGKILL')
    await first.ended
    expect(await listDaemons(directory.path)).toEqual([])
    const second = start(directory.path)
    const ready = await second.ready()
    const client = openApiClient({ url: String(ready.url), key: String(ownerKey) })
    expect(await client.get('/v1/brands')).toMatchObject({ items: [{ name: 'Kept' }] })
  })

  it('names a port that is taken', async () => {
    await using one = daemonDirectory()
    await using other = daemonDirectory()
    const { url } = await start(one.path).ready()
    const { port } = new URL(String(url))
    const { code, err } = await start(other.path, '--port', port).ended
    expect(code).toBe(1)
    expect(err).toContain(`error port-busy: port ${port} of 127.0.0.1 is taken`)
    expect(await listDaemons(other.path)).toEqual([])
  })

  it('writes logs without secrets into its directory', async () => {
    await using directory = daemonDirectory()
    const first = start(directory.path)
    const { ownerKey, url } = await first.ready()
    const client = openApiClient({ url: String(url), key: `${String(ownerKey).slice(0, -1)}!` })
    await expect(client.get('/v1/status')).rejects.toMatchObject({ code: 'unauthorized' })
    const log = readFileSync(join(directory.path, 'daemon.log'), 'utf8')
    expect(log).toContain('unauthorized')
    expect(log).not.toContain(String(ownerKey).slice(0, -1))
  })
})
