/** What is said in a sound file, where a provider can hear. Transcripts are foreign text: trust 0 for whoever reads them. */
import { HumanMessage } from '@langchain/core/messages'
import { StakazoError } from '../core/errors.ts'
import { linkName, type ProviderAccess, type ProviderName } from './link.ts'
import { toModelError } from './model-errors.ts'

interface Sound {
  bytes: Uint8Array
  mimeType: 'audio/mpeg' | 'audio/wav'
  /** Measured length, by which it is paid. */
  durationMs?: number
}

interface Transcript {
  text: string
  language?: string
}

export interface SpeechPort {
  readonly name: string
  /** Undefined when nothing is said. Throws a `model-…` StakazoError; honours the signal. */
  transcribe(sound: Sound, signal: AbortSignal): Promise<Transcript | undefined>
}

type Hear = (sound: Sound, signal: AbortSignal) => Promise<string>

async function openOpenaiSpeech(model: string, { apiKey, baseUrl }: ProviderAccess): Promise<Hear> {
  const { OpenAIClient } = await import('@langchain/openai')
  const client = new OpenAIClient({
    apiKey,
    baseURL: baseUrl,
    organization: null,
    project: null,
    maxRetries: 0,
  })
  return async ({ bytes, mimeType }, signal) => {
    const name = mimeType === 'audio/wav' ? 'sound.wav' : 'sound.mp3'
    const file = new File([Buffer.from(bytes)], name, { type: mimeType })
    const { text } = await client.audio.transcriptions.create({ model, file }, { signal })
    return text
  }
}

const ASK =
  'Write down exactly what is said in this recording, in its own language. Write nothing if nobody speaks.'

async function openGoogleSpeech(model: string, access: ProviderAccess): Promise<Hear> {
  const { openGoogle } = await import('./google.ts')
  const answer = await openGoogle(model, access)
  return async ({ bytes, mimeType }, signal) => {
    const sound = { type: 'audio' as const, mimeType, data: Buffer.from(bytes).toString('base64') }
    const question = new HumanMessage({ content: [{ type: 'text', text: ASK }, sound] })
    let heard = ''
    for await (const { text } of answer([question], { tools: [], toolChoice: 'auto', signal })) heard += text
    return heard
  }
}

const OPENERS: Partial<Record<ProviderName, (model: string, access: ProviderAccess) => Promise<Hear>>> = {
  openai: openOpenaiSpeech,
  google: openGoogleSpeech,
}

export const canHear = (provider: ProviderName): boolean => OPENERS[provider] !== undefined

/** The SDK is loaded with the first sound. */
export function openSpeech(provider: ProviderName, model: string, access: ProviderAccess): SpeechPort {
  const open = OPENERS[provider]
  if (!open) throw new StakazoError('config-invalid', `${provider} cannot transcribe; use openai or google`)
  const name = linkName({ provider, model })
  let client: Promise<Hear> | undefined
  return {
    name,
    async transcribe(sound, signal) {
      signal.throwIfAborted()
      client ??= open(model, access)
      try {
        const text = (await (await client)(sound, signal)).trim()
        return text ? { text } : undefined
      } catch (error) {
        if (signal.aborted) throw signal.reason
        throw toModelError(error, name)
      }
    },
  }
}
