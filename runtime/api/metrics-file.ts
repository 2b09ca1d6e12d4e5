/** Rows of a metrics file, JSON or CSV, unchecked but for their form. */
import { parse as parseCsv } from 'csv-parse/sync'
import { StakazoError } from '../core/errors.ts'

export function parseMetricsFile(text: string, mediaType: string): unknown[] {
  return /^(text\/csv|text\/plain)/i.test(mediaType) ? fromCsv(text) : fromJson(text)
}

function fromJson(text: string): unknown[] {
  const value = parseJson(text)
  const points = Array.isArray(value) ? value : (value as { points?: unknown } | null)?.points
  if (Array.isArray(points)) return points
  throw new StakazoError('bad-input', 'the body is {"points": […]} or a list of points')
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StakazoError('bad-json', (cause as Error).message, { cause })
  }
}

const COLUMNS = ['metric', 'at', 'value', 'accountId', 'publicationId', 'source']

function fromCsv(text: string): unknown[] {
  let rows: Record<string, string>[]
  try {
    rows = parseCsv(text, { columns: true, bom: true, skip_empty_lines: true, trim: true })
  } catch (cause) {
    throw new StakazoError('bad-input', `the CSV cannot be read: ${(cause as Error).message}`, { cause })
  }
  const unknown = Object.keys(rows[0] ?? {}).filter((column) => !COLUMNS.includes(column))
  if (unknown.length > 0) {
    throw new StakazoError('bad-input', `unknown column ${unknown.join(', ')}; known: ${COLUMNS.join(', ')}`)
  }
  return rows.map(({ value, ...row }) => ({
    ...Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== '')),
    value: value === undefined || value === '' ? undefined : Number(value),
  }))
}
