import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readJpeg } from '../../../runtime/sandbox/media/jpeg.ts'
import { readMp4 } from '../../../runtime/sandbox/media/mp4.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { tinyJpeg, tinyMp4 } from './tiny-media.ts'

function withFile<T>(bytes: Buffer, read: (path: string) => T): T {
  using directory = temporaryDirectory('media')
  const path = join(directory.path, 'file')
  writeFileSync(path, bytes)
  return read(path)
}

describe('reading an MP4', () => {
  it('finds duration, size, rate, codecs and the order of boxes', () => {
    const film = tinyMp4({
      durationMs: 12_500,
      framesPerSecond: 24,
      width: 720,
      height: 1280,
      audioHertz: 48_000,
    })
    expect(withFile(film, readMp4)).toEqual({
      sizeBytes: film.length,
      brand: 'isom',
      isFastStart: true,
      durationMs: 12_500,
      video: { codec: 'avc1', width: 720, height: 1280, framesPerSecond: 24 },
      audio: { codec: 'mp4a', sampleRate: 48_000 },
    })
    expect(withFile(tinyMp4({ isFastStart: false }), readMp4)?.isFastStart).toBe(false)
  })

  it('calls everything else no film, however it is damaged', () => {
    const film = tinyMp4()
    expect(withFile(Buffer.alloc(0), readMp4)).toBeUndefined()
    expect(withFile(Buffer.from('#EXTM3U\nhttp://127.0.0.1/a.ts'), readMp4)).toBeUndefined()
    for (let cut = 0; cut < film.length; cut += 7) {
      expect(() => withFile(film.subarray(0, cut), readMp4)).not.toThrow()
      const damaged = Buffer.from(film)
      damaged.fill(0xff, cut, cut + 4)
      expect(() => withFile(damaged, readMp4)).not.toThrow()
    }
  })
})

describe('reading a JPEG', () => {
  it('finds its size behind any other marker, and nothing in other files', () => {
    expect(withFile(tinyJpeg(640, 800), readJpeg)).toMatchObject({ width: 640, height: 800 })
    expect(withFile(Buffer.from([0x89, 0x50, 0x4e, 0x47]), readJpeg)).toBeUndefined()
    expect(withFile(tinyJpeg().subarray(0, 12), readJpeg)).toBeUndefined()
  })
})
