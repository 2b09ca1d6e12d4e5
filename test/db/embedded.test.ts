import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import postgres from 'postgres'
import { afterEach, describe, expect, it } from 'vitest'
import { findEmbeddedPostgres, openEmbeddedPostgres, stopEmbeddedPostgres } from '../../db/embedded.ts'
import type { PrivilegesKind } from '../../db/embedded-privileges.ts'
import { splitSocketHost } from '../../db/socket-host.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const isRoot = process.getuid?.() === 0
const childFile = join(import.meta.dirname, 'open-embedded-child.ts')

describe('embedded Postgres', { timeout: 60_000 }, () => {
  const dataDirs: string[] = []
  const children: ChildProcess[] = []
  const cleanups: Disposable[] = []

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    for (const dataDir of dataDirs.splice(0)) await stopEmbeddedPostgres({ dataDir })
    for (const cleanup of cleanups.splice(0)) cleanup[Symbol.dispose]()
  })

  function newDataDir(...below: string[]): string {
    const home = temporaryDirectory('embedded')
    cleanups.push(home)
    const dataDir = join(home.path, ...below, 'data')
    dataDirs.push(dataDir)
    return dataDir
  }

  const open = (dataDir: string, kind?: PrivilegesKind) =>
    openEmbeddedPostgres({ dataDir, log: { info: () => {}, warn: () => {} }, privileges: kind && [kind] })

  /** Opens the database in a process of its own, which stays until killed. */
  async function openInChild(dataDir: string, uid?: number) {
    const child = spawn(process.execPath, [childFile, dataDir], {
      uid,
      gid: uid,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    const [line] = await once(child.stdout, 'data')
    const answer: { url: string; serverPid: number; reused: boolean; error?: string } = JSON.parse(
      String(line),
    )
    return { child, pid: child.pid ?? 0, ...answer }
  }

  async function query<Row extends postgres.MaybeRow>(databaseUrl: string, text: string): Promise<Row[]> {
    const { url, ...socket } = splitSocketHost(databaseUrl)
    const sql = postgres(url, { ...socket, max: 1, onnotice: () => {} })
    try {
      return [...(await sql.unsafe<Row[]>(text))]
    } finally {
      await sql.end()
    }
  }

  const remember = (url: string) =>
    query(url, "create table note (text text); insert into note values ('kept')")
  const recall = (url: string) => query<{ text: string }>(url, 'select text from note')

  it('starts from nothing, durable, on a socket and without a port', async () => {
    const dataDir = newDataDir('a home', 'that does not, "exist" yet')
    const { url, reused, serverPid, ownerPid } = await open(dataDir)
    expect({ reused, ownerPid }).toEqual({ reused: false, ownerPid: process.pid })
    const [facts] = await query(
      url,
      `select current_setting('server_version_num')::int / 10000 as version, current_setting('fsync') as fsync,
        current_setting('listen_addresses') as addresses, current_setting('data_checksums') as checksums,
        current_setting('server_encoding') as encoding, current_setting('shared_buffers') as buffers,
        'ñ' ~ '\\w' as knows_letters, current_setting('TimeZone') as zone`,
    )
    expect(facts).toEqual({
      version: 18,
      fsync: 'on',
      addresses: '',
      checksums: 'on',
      encoding: 'UTF8',
      buffers: '32MB',
      knows_letters: true,
      zone: 'UTC',
    })
    expect(readFileSync(`/proc/${serverPid}/environ`, 'utf8')).not.toContain('HOME=')
  })

  it('gives a url that pg reads as well', async () => {
    const { url } = await open(newDataDir())
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query('select 1 as one')
    await client.end()
    expect(rows).toEqual([{ one: 1 }])
  })

  it('keeps its rows when stopped and started again', async () => {
    const dataDir = newDataDir()
    const first = await open(dataDir)
    await remember(first.url)
    await first.stop()
    expect(await findEmbeddedPostgres({ dataDir })).toBeUndefined()
    const second = await open(dataDir)
    expect(second.reused).toBe(false)
    expect(await recall(second.url)).toEqual([{ text: 'kept' }])
  })

  it('joins the server that a killed daemon left behind', async () => {
    const dataDir = newDataDir()
    const daemon = await openInChild(dataDir)
    await remember(daemon.url)
    daemon.child.kill('SIGKILL')
    await once(daemon.child, 'exit')
    const joined = await open(dataDir)
    expect(joined).toMatchObject({ reused: true, serverPid: daemon.serverPid, ownerPid: daemon.pid })
    expect(await recall(joined.url)).toEqual([{ text: 'kept' }])
  })

  it('recovers committed rows when the server itself was killed', async () => {
    const dataDir = newDataDir()
    const first = await open(dataDir)
    await remember(first.url)
    process.kill(first.serverPid, 'SIGKILL')
    const second = await open(dataDir)
    expect(second).toMatchObject({ reused: false })
    expect(second.serverPid).not.toBe(first.serverPid)
    expect(await recall(second.url)).toEqual([{ text: 'kept' }])
  })

  it('lets one of several racing processes start and the others join', async () => {
    const dataDir = newDataDir()
    const daemons = await Promise.all([openInChild(dataDir), openInChild(dataDir), openInChild(dataDir)])
    expect(daemons.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
    expect(new Set(daemons.map(({ serverPid }) => serverPid)).size).toBe(1)
    expect(daemons.filter(({ reused }) => !reused)).toHaveLength(1)
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new'))).toEqual([])
  })

  it('starts when the pid in the file of a dead server was given to another program', async () => {
    const dataDir = newDataDir()
    await (await open(dataDir)).stop()
    const stranger = spawn('sleep', ['60'])
    children.push(stranger)
    writeFileSync(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${stranger.pid}\n${dataDir}/postgres\n1\n5432\n/nowhere\n\n\nready   \n`,
    )
    expect(await open(dataDir)).toMatchObject({ reused: false })
    expect(stranger.exitCode).toBeNull()
  })

  it('ends the server of a directory that was removed under it, before it takes the new one along', async () => {
    const dataDir = newDataDir()
    const first = await open(dataDir)
    rmSync(dataDir, { recursive: true })
    const second = await open(dataDir)
    expect(second.reused).toBe(false)
    expect(existsSync(`/proc/${first.serverPid}/cwd`)).toBe(false)
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('sets a half-made database aside and makes a new one', async () => {
    const dataDir = newDataDir()
    mkdirSync(join(dataDir, 'postgres', 'base'), { recursive: true })
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '18\n')
    expect(await open(dataDir)).toMatchObject({ reused: false })
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.set-aside-'))).toHaveLength(1)
  })

  it('clears away what a maker killed in the middle left behind', async () => {
    const dataDir = newDataDir()
    const gone = spawn('true')
    await once(gone, 'exit')
    const abandoned = join(dataDir, `postgres.new-${gone.pid}-Ab12Cd`)
    mkdirSync(join(abandoned, 'base'), { recursive: true })
    await open(dataDir)
    expect(existsSync(abandoned)).toBe(false)
  })

  it('makes a whole database when its maker is killed at any moment of the first start', async () => {
    const dataDir = newDataDir()
    const maker = spawn(process.execPath, [childFile, dataDir], { stdio: 'ignore' })
    children.push(maker)
    await eventually(() => readdirSync(join(dataDir)).some((name) => name.startsWith('postgres.new-')))
    maker.kill('SIGKILL')
    await once(maker, 'exit')
    const { url } = await open(dataDir)
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('refuses a directory that another PostgreSQL wrote', async () => {
    const dataDir = newDataDir()
    await (await open(dataDir)).stop()
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
    await expect(open(dataDir)).rejects.toMatchObject({
      code: 'database-version',
      message: expect.stringMatching(/PostgreSQL 17/),
    })
  })

  it('names the reason when the server ends at its start', async () => {
    const dataDir = newDataDir()
    await (await open(dataDir)).stop()
    writeFileSync(join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n')
    await expect(open(dataDir)).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringMatching(/no_such_setting|postgresql.conf/),
    })
  })

  it('names the directory when it cannot be made', async () => {
    const dataDir = newDataDir()
    writeFileSync(join(dataDir, '..', 'file'), '')
    await expect(open(join(dataDir, '..', 'file', 'data'))).rejects.toMatchObject({
      code: 'database-unavailable',
    })
  })

  it('finds a short place for its socket when the path is too long for one', async () => {
    const dataDir = newDataDir('l'.repeat(60), 'o'.repeat(60))
    const { url } = await open(dataDir)
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await findEmbeddedPostgres({ dataDir })).toMatchObject({ url })
  })

  it('stops once, and says so when there is nothing to stop', async () => {
    const dataDir = newDataDir()
    await open(dataDir)
    expect(await stopEmbeddedPostgres({ dataDir })).toBe(true)
    expect(await stopEmbeddedPostgres({ dataDir })).toBe(false)
  })

  it('leaves the server running at disposal while somebody else is connected, and ends it otherwise', async () => {
    const dataDir = newDataDir()
    const database = await open(dataDir)
    const other = new pg.Client({ connectionString: database.url })
    await other.connect()
    await database[Symbol.asyncDispose]()
    expect(await findEmbeddedPostgres({ dataDir })).toBeDefined()
    await other.end()
    await eventually(async () => {
      await database[Symbol.asyncDispose]()
      return (await findEmbeddedPostgres({ dataDir })) === undefined
    })
  })

  it('stops opening when told to', async () => {
    const signal = AbortSignal.abort(new Error('no more'))
    const dataDir = newDataDir()
    await expect(openEmbeddedPostgres({ dataDir, log: { info() {}, warn() {} }, signal })).rejects.toThrow(
      'no more',
    )
  })

  describe.skipIf(!isRoot)('as root (skipped: not root)', () => {
    function closedHome(): string {
      const dataDir = newDataDir('home')
      mkdirSync(join(dataDir, '..'))
      chmodSync(join(dataDir, '..'), 0o700)
      return dataDir
    }

    const statusOf = (pid: number) =>
      Object.fromEntries(
        readFileSync(`/proc/${pid}/status`, 'utf8')
          .split('\n')
          .map((line) => line.split(/:\s*/)),
      )

    it.each(['user-namespace', 'nobody-reaching'] as const)(
      'runs in a home of mode 700 by %s',
      async (kind) => {
        const { url, serverPid } = await open(closedHome(), kind)
        await remember(url)
        expect(await recall(url)).toEqual([{ text: 'kept' }])
        const { CapEff, Uid } = statusOf(serverPid)
        const DAC_OVERRIDE = '0000000000000002'
        expect(CapEff).toBe(kind === 'user-namespace' ? '0000000000000000' : DAC_OVERRIDE)
        expect(Uid?.split('\t')[1]).toBe(kind === 'user-namespace' ? '0' : '65534')
      },
    )

    it('says why when nobody cannot reach a home of mode 700', async () => {
      await expect(open(closedHome(), 'nobody')).rejects.toMatchObject({
        code: 'embedded-unsupported',
        message: expect.stringMatching(/nobody: /),
      })
    })

    it('keeps its rows when the data directory moves from a container to its host and back', async () => {
      const dataDir = closedHome()
      for (const kind of ['nobody-reaching', 'user-namespace', 'nobody-reaching'] as const) {
        const database = await open(dataDir, kind)
        if (!existsSync(join(dataDir, 'noted'))) await remember(database.url)
        writeFileSync(join(dataDir, 'noted'), '')
        expect(await recall(database.url)).toEqual([{ text: 'kept' }])
        await database.stop()
      }
    })

    it('works for an unprivileged user in a home of mode 700', async () => {
      const dataDir = newDataDir('home')
      const home = join(dataDir, '..')
      mkdirSync(home)
      chmodSync(join(home, '..'), 0o755)
      chmodSync(home, 0o700)
      chownSync(home, 65_534, 65_534)
      const user = await openInChild(dataDir, 65_534)
      expect(user).toMatchObject({ reused: false })
      expect(statusOf(user.serverPid).Uid).toBe('65534\t65534\t65534\t65534')
    })
  })
})
