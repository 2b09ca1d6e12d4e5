/** Embeddings and transcriptions: no conversation, hence no turns; faults come from the same script. */
import { createHash } from 'node:crypto'
import { demand, list, record, text } from './turn.ts'

/** A unit vector that depends on the text alone: equal texts are equal, others differ. */
function vectorOf(source: string, dimensions: number): number[] {
  const values = Array.from({ length: dimensions }, (_, index) => {
    const [byte = 0] = createHash('sha256').update(`${index}:${source}`).digest()
    return byte / 127.5 - 1
  })
  const length = Math.hypot(...values) || 1
  return values.map((value) => value / length)
}

/** OpenAI's SDK asks for base64 floats unless told otherwise. */
function encode(vector: number[], format: unknown): unknown {
  return format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector
}

export function openaiEmbeddings(body: Record<string, unknown>): unknown {
  const inputs = typeof body.input === 'string' ? [body.input] : list(body.input).map(text)
  demand(inputs.length > 0 && inputs.every(Boolean), "'$.input' is invalid")
  const dimensions = Number(body.dimensions ?? 1_536)
  const tokens = Math.ceil(inputs.join('').length / 4)
  return {
    object: 'list',
    model: body.model,
    data: inputs.map((input, index) => ({
      object: 'embedding',
      index,
      embedding: encode(vectorOf(input, dimensions), body.encoding_format),
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}

function embedOne(request: Record<string, unknown>): { values: number[] } {
  const parts = list(record(request.content).parts).map(record)
  demand(parts.length > 0, 'content is required')
  const dimensions = Number(request.outputDimensionality ?? 768)
  return { values: vectorOf(parts.map((part) => text(part.text)).join(''), dimensions) }
}

export function googleEmbeddings(path: string, body: Record<string, unknown>): unknown {
  if (path.endsWith(':embedContent')) return { embedding: embedOne(body) }
  return { embeddings: list(body.requests).map((request) => embedOne(record(request))) }
}

export interface Heard {
  model: string
  language: string
  fileName: string
  bytes: Uint8Array
}

/** Reads the multipart form of /v1/audio/transcriptions with the platform's own parser. */
export async function readTranscription(bytes: Uint8Array, contentType: string): Promise<Heard> {
  const form = await new Response(Buffer.from(bytes), { headers: { 'content-type': contentType } }).formData()
  const file = form.get('file')
  demand(file instanceof File && file.size > 0, 'audio file is required')
  return {
    model: text(form.get('model')),
    language: text(form.get('language')),
    fileName: file.name,
    bytes: new Uint8Array(await file.arrayBuffer()),
  }
}
