import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measurePace } from '../../../../tools/media/engine/packets.ts'
import { probeMedia } from '../../../../tools/media/engine/probe.ts'
import { temporaryDirectory } from '../../../support/temporary-directory.ts'
import { BOTH, binaries, bundled, makeFilm, TEST_CARD } from './fixtures.ts'

const folder = temporaryDirectory('probe')
afterAll(() => folder[Symbol.dispose]())
const put = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder.path, name), content)
  return join(folder.path, name)
}

let plain = ''
beforeAll(async () => {
  plain = await makeFilm(folder.path, 'plain.mp4', {
    picture: TEST_CARD,
    sound: 'sine=440:r=44100',
    lengthS: 2,
  })
})

describe.each(BOTH)('probeMedia with $name', ({ binaries }) => {
  test('reads size, length, pace and tracks', async () => {
    const info = await probeMedia(binaries, plain)
    expect(info).toMatchObject({ container: 'mov', durationMs: 2000, isTruncated: false })
    expect(info.video).toMatchObject({
      width: 320,
      height: 180,
      frames: 48,
      isVariableRate: false,
      bitDepth: 8,
      hdr: null,
    })
    expect(info.video.fps).toBeCloseTo(24, 5)
    expect(info.video.keyframesMs[0]).toBe(0)
    expect(info.audio).toEqual([expect.objectContaining({ codec: 'aac', sampleRateHz: 44_100 })])
  })

  test('tells a phone film that lies on its side by how it is shown', async () => {
    // the display matrix of the track header, turned by 90 degrees: the bytes a phone writes
    const bytes = readFileSync(plain)
    const upright = Buffer.from(
      '00010000000000000000000000000000000100000000000000000000000000004000000',
      'hex',
    )
    const at = bytes.indexOf(upright.subarray(0, 32), bytes.indexOf('tkhd'))
    const turned = [0, 0x10000, 0, -0x10000, 0, 0, 180 << 16, 0, 0x40000000]
    for (const [index, value] of turned.entries()) bytes.writeInt32BE(value, at + index * 4)
    const info = await probeMedia(binaries, put('rotated.mp4', bytes))
    expect(info.video).toMatchObject({ width: 180, height: 320, rotation: 90 })
  })

  test('accepts a film without sound', async () => {
    const silent = await makeFilm(folder.path, 'silent.webm', {
      picture: TEST_CARD,
      lengthS: 1.5,
      video: ['-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '500k'],
      format: 'webm',
    })
    expect((await probeMedia(binaries, silent)).audio).toEqual([])
  })

  test('names ten bits and an HDR transfer', async () => {
    const hdr = await makeFilm(folder.path, 'hdr.mp4', {
      picture: TEST_CARD,
      lengthS: 1,
      video: [
        ...['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-tag:v', 'hvc1'],
        ...['-x265-params', 'log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc'],
        ...['-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc'],
      ],
    })
    expect((await probeMedia(binaries, hdr)).video).toMatchObject({ bitDepth: 10, hdr: 'pq' })
  })

  test('notices a variable frame rate', async () => {
    const uneven = await makeFilm(folder.path, 'uneven.mp4', {
      picture: `${TEST_CARD},select='not(mod(n\\,7))+lt(mod(n\\,31)\\,12)'`,
      lengthS: 3,
      video: ['-vsync', 'vfr', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    })
    expect((await probeMedia(binaries, uneven)).video.isVariableRate).toBe(true)
  })
})

describe('probeMedia refuses', () => {
  const refusal = (path: string, limits = {}) =>
    probeMedia(binaries, path, { limits }).then(
      () => undefined,
      (error: unknown) => error,
    )

  test.each([
    ['an empty file', () => put('empty.mp4', ''), 'media-empty'],
    ['noise', () => put('noise.mp4', Buffer.alloc(4096, 0x9b)), 'media-unreadable'],
    ['a text', () => put('notes.mp4', 'dear diary'), 'media-unsupported'],
    [
      'a film cut before its index',
      () => put('cut.mp4', readFileSync(plain).subarray(0, 3000)),
      'media-unreadable',
    ],
    [
      'a container header and nothing else',
      () => put('head.mp4', readFileSync(plain).subarray(0, 64)),
      'media-unreadable',
    ],
  ])('%s', async (_what, make, code) => {
    expect(await refusal(make())).toMatchObject({ code })
  })

  test('sound without a picture', async () => {
    const sound = join(folder.path, 'sound.mp4')
    await makeFilm(folder.path, 'sound.mp4', { picture: 'sine=440', lengthS: 1, video: ['-c:a', 'aac'] })
    expect(await refusal(sound)).toMatchObject({
      code: 'media-unsupported',
      message: 'the file has no video',
    })
  })

  test('a film that is too short, with the measure and the limit', async () => {
    const short = await makeFilm(folder.path, 'short.mp4', { picture: TEST_CARD, lengthS: 0.5 })
    expect(await refusal(short)).toMatchObject({
      code: 'media-too-short',
      details: { durationMs: 500, durationMsMin: 1000 },
    })
  })

  test.each([
    ['frame side', { sideMax: 300 }, 320],
    ['frame area', { pixelsMax: 50_000 }, 57_600],
    ['frame rate', { fpsMax: 20 }, 24],
    ['duration', { durationMsMax: 1500 }, expect.closeTo(2000, -2)],
    ['number of streams', { streamsMax: 1 }, 2],
  ])('a film whose %s is beyond the limit', async (what, limits, measured) => {
    expect(await refusal(plain, limits)).toMatchObject({
      code: 'media-too-large',
      details: { what, measured },
    })
  })

  test('a header that claims a bomb, before decoding any of it', async () => {
    const bytes = readFileSync(plain)
    const entry = bytes.indexOf('avc1')
    const sps = bytes.indexOf('avcC')
    expect(entry).toBeGreaterThan(0)
    bytes.writeUInt16BE(60_000, entry + 28)
    bytes.writeUInt16BE(60_000, entry + 30)
    bytes.fill(0, sps + 4, sps + 30)
    expect(await refusal(put('bomb.mp4', bytes))).toMatchObject({
      code: expect.stringMatching(/^media-(too-large|unreadable)$/),
    })
  })
})

describe('a film cut off behind its index', () => {
  test('is taken for as long as it lasts and marked', async () => {
    const long = await makeFilm(folder.path, 'long.mp4', {
      picture: TEST_CARD,
      lengthS: 20,
      video: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
    })
    truncateSync(long, Math.floor(readFileSync(long).length / 2))
    const info = await probeMedia(binaries, long)
    expect(info.isTruncated).toBe(true)
    expect(info.durationMs).toBeGreaterThan(5_000)
    expect(info.durationMs).toBeLessThan(15_000)
  })
})

describe('a file that points elsewhere', () => {
  test.each([
    ['a playlist', '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nURL\n#EXT-X-ENDLIST\n'],
    ['a playlist of a local file', '#EXTM3U\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n'],
    ['a list of files to join', "ffconcat version 1.0\nfile 'URL'\n"],
    ['a list without a header', "file '/etc/passwd'\n"],
    ['a DASH manifest', '<?xml version="1.0"?><MPD><BaseURL>URL</BaseURL></MPD>'],
    ['a subtitle', '1\n00:00:00,000 --> 00:00:01,000\nURL\n'],
    ['an ASS subtitle', '[Script Info]\n[Events]\nDialogue: URL\n'],
  ])('%s is refused and nothing is fetched', async (_what, template) => {
    const connections: string[] = []
    const server = createServer((request, response) => {
      connections.push(request.url ?? '')
      response.end()
    }).on('connection', () => connections.push('connection'))
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.ts`
    const path = put('pointer.mp4', template.replace('URL', url))
    for (const each of [binaries, bundled]) {
      await expect(probeMedia(each, path)).rejects.toMatchObject({ code: 'media-unsupported' })
    }
    server.close()
    expect(connections).toEqual([])
  })

  test('cannot be smuggled behind the first bytes of a film: the demuxer is forced and guarded', async () => {
    const path = put(
      'smuggled.mp4',
      Buffer.concat([Buffer.from('\0\0\0\x08ftyp'), Buffer.from('#EXTM3U\n#EXTINF:1,\n/etc/passwd\n')]),
    )
    await expect(probeMedia(binaries, path)).rejects.toMatchObject({ code: 'media-unreadable' })
  })
})

describe('measurePace', () => {
  test('takes the wobble of a millisecond clock for a steady rate', () => {
    const times = Array.from({ length: 240 }, (_, index) => Math.round((index * 1000) / 24))
    expect(measurePace(times)).toMatchObject({ frames: 240, isVariableRate: false })
  })

  test('takes times in decoding order', () => {
    expect(measurePace([0, 120, 40, 80]).durationMs).toBe(160)
  })
})
