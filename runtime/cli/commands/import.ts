import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Brand } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { findBrand } from '../find-brand.ts'
import { GUIDE_TYPES } from '../guide-types.ts'

export const importCommand = () =>
  command(
    'import <what> <file>',
    'bring in metrics, a brand guide or a film',
    'stakazo import metrics history.csv',
  )
    .option('--brand <name or id>', 'which brand; needed when there are several')
    .addHelpText('after', '\nWhat: metrics (JSON, CSV), guide (JSON, YAML, Markdown), film')
    .action(act(bringIn))

async function bringIn(
  { screen, connect }: Cli,
  what: string,
  file: string,
  { brand: wanted }: { brand?: string },
) {
  const kinds = ['metrics', 'guide', 'film']
  if (!kinds.includes(what)) throw new StakazoError('bad-input', `"${what}" is none of ${kinds.join(', ')}`)
  const text = what === 'film' ? '' : await readText(file)
  const client = await connect()
  const brand = await findBrand(client, wanted)
  if (what === 'film') {
    const asset = await client.upload(file, { brandId: brand.id }, (done) =>
      screen.progress(`  upload ${Math.round(done * 100)} %`),
    )
    if (screen.isJson) screen.json(asset)
    screen.line(`film ${asset.id}: ${(asset.info?.durationMs ?? 0) / 1_000} s`)
    return EXIT.done
  }
  const mediaType = GUIDE_TYPES[extname(file).toLowerCase()] ?? 'text/plain'
  if (what === 'guide') {
    const updated = await client.sendText<Brand>('PUT', `/v1/brands/${brand.id}/guide`, text, mediaType)
    if (screen.isJson) screen.json(updated)
    screen.line(
      `${updated.name} speaks ${updated.language}, tone: ${updated.voice.tone.join(', ') || 'none given'}`,
    )
    return EXIT.done
  }
  const done = await client.sendText<{ saved: number; known: number }>(
    'POST',
    '/v1/metrics',
    text,
    mediaType,
    { brandId: brand.id },
  )
  if (screen.isJson) screen.json(done)
  screen.line(`${done.saved} values saved, ${done.known} were known`)
  return EXIT.done
}

const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new StakazoError('bad-input', `${file} cannot be read: ${cause.code ?? cause.message}`, { cause })
  })
