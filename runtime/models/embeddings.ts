/** Vectors for texts, where a provider has them. `undefined` from `openEmbeddings` means text search alone. */
import { StakazoError } from '../core/errors.ts'
import { linkName, type ProviderAccess, type ProviderName } from './link.ts'
import { toModelError } from './model-errors.ts'

export interface EmbeddingsPort {
  /** `provider:model`; vectors of different models are never compared. */
  readonly name: string
  readonly dimensions: number
  /** One unit vector a text, in order. Throws a `model-…` StakazoError; honours the signal before and after the call. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<number[][]>
}

/** 768 keep a row at 3 kB, and both providers' models are trained to be cut to it. */
const EMBEDDING_DIMENSIONS = 768

type Embed = (texts: string[]) => Promise<number[][]>

async function openOpenaiEmbeddings(model: string, { apiKey, baseUrl }: ProviderAccess): Promise<Embed> {
  const { OpenAIEmbeddings } = await import('@langchain/openai')
  const client = new OpenAIEmbeddings({
    model,
    apiKey,
    dimensions: EMBEDDING_DIMENSIONS,
    maxRetries: 0,
    configuration: { baseURL: baseUrl, organization: null, project: null },
  })
  return (texts) => client.embedDocuments(texts)
}

async function openGoogleEmbeddings(model: string, { apiKey, baseUrl }: ProviderAccess): Promise<Embed> {
  const { GoogleGenerativeAIEmbeddings } = await import('@langchain/google-genai')
  const client = new GoogleGenerativeAIEmbeddings({ model, apiKey, baseUrl, maxRetries: 0 })
  client.outputDimensionality = EMBEDDING_DIMENSIONS
  return async (texts) => {
    const vectors = await client.embedDocuments(texts)
    // The package turns a failed batch into empty vectors; asked one by one the failure shows itself.
    const mend = (vector: number[], index: number) =>
      vector.length > 0 ? vector : client.embedQuery(texts[index] ?? '')
    return Promise.all(vectors.map(mend))
  }
}

const OPENERS: Partial<Record<ProviderName, (model: string, access: ProviderAccess) => Promise<Embed>>> = {
  openai: openOpenaiEmbeddings,
  google: openGoogleEmbeddings,
}

/** Cut vectors are no longer of length one, which cosine by dot product needs. */
function toUnit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector)
  return length > 0 ? vector.map((value) => value / length) : [...vector]
}

export const canEmbed = (provider: ProviderName): boolean => OPENERS[provider] !== undefined

/** The SDK is loaded with the first text. */
export function openEmbeddings(
  provider: ProviderName,
  model: string,
  access: ProviderAccess,
): EmbeddingsPort {
  const open = OPENERS[provider]
  if (!open) throw new StakazoError('config-invalid', `${provider} has no embeddings; use openai or google`)
  const name = linkName({ provider, model })
  let client: Promise<Embed> | undefined
  return {
    name,
    dimensions: EMBEDDING_DIMENSIONS,
    async embed(texts, signal) {
      signal?.throwIfAborted()
      if (texts.length === 0) return []
      client ??= open(model, access)
      try {
        const vectors = await (await client)([...texts])
        signal?.throwIfAborted()
        return vectors.map(toUnit)
      } catch (error) {
        if (signal?.aborted) throw error
        throw toModelError(error, name)
      }
    },
  }
}
