import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensureSandbox, findSandbox, stopSandbox } from '../../../runtime/sandbox/launch.ts'
import { eventually } from '../../support/eventually.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { type Client, clientOf, openClient } from './harness.ts'
import { tinyMp4 } from './tiny-media.ts'

/** A sandbox process on its own directory, ended with the test whatever it did. */
async function runSandbox() {
  const directory = temporaryDirectory('sandbox-process')
  const dataDir = directory.path
  return {
    dataDir,
    ...(await ensureSandbox({ dataDir })),
    async [Symbol.asyncDispose]() {
      await stopSandbox({ dataDir })
      directory[Symbol.dispose]()
    },
  }
}

async function killHard(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await eventually(() => {
    try {
      process.kill(pid, 0)
      return false
    } catch {
      return true
    }
  })
}

/** The same account on whatever process serves the directory now. */
async function reopen(dataDir: string, { id, token }: Client): Promise<Client> {
  const { url, started } = await ensureSandbox({ dataDir })
  expect(started).toBe(true)
  return clientOf(url, id, token)
}

describe('a sandbox killed with SIGKILL', () => {
  it('keeps posts, accounts, clock, faults and log', async () => {
    await using sandbox = await runSandbox()
    const owner = await openClient(sandbox.url)
    await owner.control('PUT', '/settings', { processingMs: 0 })
    await owner.control('PUT', '/clock', { offsetMs: 86_400_000, rate: 2 })
    await owner.control('POST', '/faults', { route: 'insights', kind: 'throttle', times: 3 })
    const published = await owner.publish(await owner.ready({ caption: 'still here' }))
    await killHard(sandbox.pid)

    const again = await reopen(sandbox.dataDir, owner)
    const { body } = await again.graph('GET', `/v26.0/${published.body.id}`, { fields: 'caption' })
    expect(body.caption).toBe('still here')
    expect(await again.log('publish')).toMatchObject([{ mediaId: published.body.id }])
    expect((await again.control('GET', '/faults')).body.faults).toMatchObject([{ remaining: 3 }])
    const clock = (await again.control('GET', '/clock')).body
    expect(clock.rate).toBe(2)
    expect(clock.offsetMs).toBeGreaterThanOrEqual(86_400_000)
    expect((await again.control('GET', '/settings')).body.processingMs).toBe(0)
  })

  it('has the post although the answer never left', async () => {
    await using sandbox = await runSandbox()
    const owner = await openClient(sandbox.url)
    await owner.control('PUT', '/settings', { processingMs: 0 })
    const containerId = await owner.ready()
    await owner.control('POST', '/faults', { route: 'media_publish', kind: 'slow', ms: 3_600_000, times: 1 })
    const lost = expect(owner.publish(containerId)).rejects.toThrow()
    await eventually(async () => (await owner.log('publish')).length === 1)
    await killHard(sandbox.pid)
    await lost
    const again = await reopen(sandbox.dataDir, owner)
    const { body } = await again.graph('GET', `/v26.0/${containerId}`, { fields: 'status_code' })
    expect(body.status_code).toBe('PUBLISHED')
    expect(await again.log('publish')).toHaveLength(1)
  })

  it('has every post it ever answered for, whatever moment it died in', async () => {
    await using sandbox = await runSandbox()
    const first = await openClient(sandbox.url, { username: 'storm0', settings: { postsPerDay: 10_000 } })
    await first.control('PUT', '/settings', { processingMs: 0 })
    const answered: string[] = []
    const storm = async (containerId: string): Promise<void> => {
      for (;;) answered.push((await first.publish(containerId)).body.id)
    }
    const storms = await Promise.all([first.ready(), first.ready(), first.ready()])
    const ended = Promise.allSettled(storms.map(storm))
    await eventually(() => answered.length > 60)
    await killHard(sandbox.pid)
    await ended
    const again = await reopen(sandbox.dataDir, first)
    const logged = new Set((await again.log('publish')).map((entry) => entry.mediaId))
    expect(answered.filter((id) => !logged.has(id))).toEqual([])
    expect(logged.size - answered.length).toBeLessThanOrEqual(storms.length)
  })

  it('resumes a half upload where its bytes end', async () => {
    await using sandbox = await runSandbox()
    const owner = await openClient(sandbox.url)
    await owner.control('PUT', '/settings', { processingMs: 0 })
    const { id, uri } = await owner.container()
    const bytes = tinyMp4({ paddingBytes: 100_000 })
    await owner.upload(uri, bytes.subarray(0, 40_000), { file_size: String(bytes.length) })
    await killHard(sandbox.pid)
    const again = await reopen(sandbox.dataDir, owner)
    const { body } = await again.graph('GET', `/v26.0/${id}`, { fields: 'video_status' })
    expect(body.video_status.uploading_phase.bytes_transferred).toBe(40_000)
    await again.upload(uri, bytes.subarray(40_000), { offset: '40000', file_size: String(bytes.length) })
    await again.finished(id)
  })
})

describe('a pull by URL', () => {
  it('is taken up again after a kill', async () => {
    await using sandbox = await runSandbox()
    const owner = await openClient(sandbox.url)
    await owner.control('PUT', '/settings', { processingMs: 0 })
    const asked: ServerResponse[] = []
    let isOpen = false
    const origin = createServer((_request, response) => {
      asked.push(response)
      if (isOpen) response.end(tinyMp4())
    })
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
    const { port } = origin.address() as AddressInfo
    const { body } = await owner.graph('POST', `/v26.0/${owner.id}/media`, {
      media_type: 'REELS',
      video_url: `http://127.0.0.1:${port}/film.mp4`,
    })
    await eventually(() => asked.length === 1)
    await killHard(sandbox.pid)
    isOpen = true
    const again = await reopen(sandbox.dataDir, owner)
    await again.finished(body.id)
    expect(asked).toHaveLength(2)
    origin.closeAllConnections()
    origin.close()
  })
})

describe('one directory', () => {
  it('is joined by whoever comes second, also at the same moment', async () => {
    using directory = temporaryDirectory('sandbox-join')
    const dataDir = directory.path
    const [one, two] = await Promise.all([ensureSandbox({ dataDir }), ensureSandbox({ dataDir })])
    expect(two.url).toBe(one.url)
    expect([one.started, two.started].filter(Boolean)).toHaveLength(1)
    expect(await ensureSandbox({ dataDir })).toEqual({ url: one.url, pid: one.pid, started: false })
    expect(await stopSandbox({ dataDir })).toEqual({ stopped: true })
    expect(await findSandbox(dataDir)).toBeUndefined()
    expect(await stopSandbox({ dataDir })).toEqual({ stopped: false })
  })

  it('refuses a second process and says who owns it', async () => {
    await using sandbox = await runSandbox()
    const main = join(import.meta.dirname, '../../../runtime/sandbox/main.ts')
    const second = spawn(process.execPath, [main, '--data', sandbox.dataDir], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    second.stderr.on('data', (chunk) => {
      said += chunk
    })
    const code = await new Promise((resolve) => second.once('exit', resolve))
    expect(code).toBe(1)
    expect(said).toContain('another sandbox owns')
  })

  it('does not take a foreign process for its sandbox when the state file is stale', async () => {
    await using sandbox = await runSandbox()
    using other = temporaryDirectory('sandbox-stale')
    const state = JSON.parse(readFileSync(join(sandbox.dataDir, 'sandbox.json'), 'utf8'))
    writeFileSync(join(other.path, 'sandbox.json'), JSON.stringify({ ...state, instanceId: 'another' }))
    expect(await findSandbox(other.path)).toBeUndefined()
    expect(await stopSandbox({ dataDir: other.path })).toEqual({ stopped: false })
    expect(await findSandbox(sandbox.dataDir)).toMatchObject({ url: sandbox.url })
  })
})
