import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openMedia, openSlots } from '../../runtime/media.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const never = new AbortController().signal

test('a workspace is empty, its own, and gone with its scope', async () => {
  using directory = temporaryDirectory('media')
  const media = await openMedia({ directory: directory.path })
  const paths: string[] = []
  {
    await using one = await media.workspace()
    await using other = await media.workspace()
    await writeFile(join(one.path, 'clip.mp4'), 'x')
    expect(await readdir(other.path)).toEqual([])
    paths.push(one.path, other.path)
  }
  for (const path of paths) await expect(stat(path)).rejects.toThrow(/ENOENT/)
})

test('opening removes what dead processes left and keeps what living ones and other machines use', async () => {
  using directory = temporaryDirectory('media')
  const host = hostname().replace(/[^\w.]/g, '_')
  const [mine, dead, alive, elsewhere] = [
    `${host}-${process.pid}-aaaaaa`,
    `${host}-4194303-bbbbbb`,
    `${host}-${process.ppid}-cccccc`,
    `another-${process.pid}-dddddd`,
  ]
  for (const name of [mine, dead, alive, elsewhere]) await mkdir(join(directory.path, name))
  await openMedia({ directory: directory.path })
  expect((await readdir(directory.path)).sort()).toEqual([alive, elsewhere].sort())
})

test('places are given in order, and a waiter that aborts leaves the line', async () => {
  const slot = openSlots(1)
  const first = await slot(never)
  const order: string[] = []
  const impatient = new AbortController()
  const second = slot(impatient.signal)
  const third = slot(never).then((place) => {
    order.push('third')
    return place
  })
  impatient.abort()
  await expect(second).rejects.toMatchObject({ code: 'cancelled' })
  expect(order).toEqual([])
  first[Symbol.dispose]()
  first[Symbol.dispose]()
  using _place = await third
  const fourth = slot(never).then(() => order.push('fourth'))
  expect(order, 'a place given back twice counts once').toEqual(['third'])
  _place[Symbol.dispose]()
  await fourth
  expect(order).toEqual(['third', 'fourth'])
})

test('a missing ffmpeg is told on first use, and looked for again on the next', async () => {
  using directory = temporaryDirectory('media')
  const media = await openMedia({ directory: directory.path, ffmpegPath: join(directory.path, 'ffmpeg') })
  await expect(media.binaries()).rejects.toMatchObject({ code: 'ffmpeg-missing' })
  await writeFile(
    join(directory.path, 'ffmpeg'),
    '#!/bin/sh\n[ "$1" = -version ] && echo "ffmpeg version 9.9" || echo " T.C scale V->V x"\n',
    { mode: 0o755 },
  )
  expect((await eventually(() => media.binaries())).ffmpeg).toMatchObject({
    version: '9.9',
    source: 'configured',
  })
})
