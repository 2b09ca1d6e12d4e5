/** What the demo puts on stage, through the same doors everybody uses: a brand, an account, a film. */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { openMediaBinaries } from '../../../tools/media/engine/binaries.ts'
import { makeSampleFilm } from '../../../tools/media/engine/sample-film.ts'
import type { Resolved } from '../../config/config.ts'
import type { Account, Asset, Brand } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import type { ApiClient } from '../api-client.ts'
import { GUIDE_TYPES } from '../guide-types.ts'
import { makeSandboxAccount } from '../make-sandbox-account.ts'
import { bar, type Screen } from '../screen.ts'
import { type DemoOptions, isSpanish } from './demo-options.ts'

export const MESSAGES = {
  en: "Cut this video into three vertical clips, write captions in the brand's voice and publish them today on Instagram",
  es: 'Corta este vídeo en tres clips verticales, escribe los textos con la voz de la marca y publícalos hoy en Instagram',
} as const

const BRANDS = {
  en: {
    name: 'Low Tide Records',
    language: 'en',
    zone: 'Europe/London',
    voice: {
      tone: ['warm', 'direct', 'playful'],
      uses: ['turn it up', 'new music'],
      avoids: ['content', 'guys', 'smash that'],
      hashtags: ['#LowTideRecords', '#NewMusic'],
      emoji: 'few',
      signOff: 'Link in bio.',
    },
  },
  es: {
    name: 'Marea Baja Discos',
    language: 'es',
    zone: 'Europe/Madrid',
    voice: {
      tone: ['cercano', 'directo', 'alegre'],
      uses: ['dale volumen', 'música nueva'],
      avoids: ['contenido', 'chicos'],
      hashtags: ['#MareaBajaDiscos', '#MúsicaNueva'],
      emoji: 'few',
      signOff: 'Enlace en la bio.',
    },
  },
} as const

/** True of our own film alone: of a film we were given we know nothing, so no caption may say anything. */
const OWN_FILM = {
  en: { artist: 'Marea', title: 'Pulse', release: 'out now' },
  es: { artist: 'Marea', title: 'Pulso', release: 'ya disponible' },
} as const

export async function makeBrand(client: ApiClient, options: DemoOptions, isOwnFilm: boolean): Promise<Brand> {
  const tongue = isSpanish(options) ? 'es' : 'en'
  const usual = BRANDS[tongue]
  if (!options.brand) {
    const facts = isOwnFilm ? OWN_FILM[tongue] : {}
    return await client.send<Brand>('POST', '/v1/brands', { ...usual, facts })
  }
  const guide = await readFile(options.brand, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new StakazoError('bad-input', `${options.brand} cannot be read: ${cause.code ?? cause.message}`, {
      cause,
    })
  })
  const mediaType = GUIDE_TYPES[extname(options.brand).toLowerCase()] ?? 'text/plain'
  const { language, zone } = usual
  const bare = await client.send<Brand>('POST', '/v1/brands', { name: 'Demo', language, zone })
  return await client.sendText<Brand>('PUT', `/v1/brands/${bare.id}/guide`, guide, mediaType)
}

/** An account on the sandbox's Instagram, linked by its token as a real one would be. */
export async function linkAccount(client: ApiClient, sandboxUrl: string, brand: Brand): Promise<Account> {
  const token = await makeSandboxAccount(sandboxUrl, brand)
  return await client.send<Account>('POST', '/v1/accounts', {
    brandId: brand.id,
    network: 'instagram',
    token,
  })
}

/** The film that was given, else one of our own making. */
export async function uploadFilm(
  client: ApiClient,
  screen: Screen,
  brand: Brand,
  film: {
    given: string | undefined
    directory: string
    media: Resolved['config']['media']
    signal: AbortSignal
  },
): Promise<Asset> {
  const path = film.given ?? join(film.directory, 'demo-film.mp4')
  if (!film.given) {
    const onProgress = (done: number) =>
      screen.progress(`film  ${bar(done)} drawing 90 seconds of pictures and music`)
    await makeSampleFilm(await openMediaBinaries(film.media), { path, onProgress, signal: film.signal })
  }
  return await client.upload(path, { brandId: brand.id }, (done) =>
    screen.progress(`film  ${bar(done)} upload`),
  )
}
