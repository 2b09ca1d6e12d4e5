import { type SQL, sql } from 'drizzle-orm'
import { toWords } from './words.ts'

/** Written with the row; a tsvector holds a megabyte, and nobody recalls by the words after the first few thousand. */
const WORDS_MAX = 4_000

export const toSearch = (...texts: readonly string[]): SQL<string> =>
  sql`to_tsvector('simple', ${texts.flatMap(toWords).slice(0, WORDS_MAX).join(' ')})`

/** One stem as a tsquery; stems are letters and digits, so nothing in them can be an operator. */
export const termQuery = (term: string): SQL => sql`${`'${term}'`}::tsquery`
