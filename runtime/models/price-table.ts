/**
 * What a million tokens cost, in micros of a US dollar, from the vendors' public price pages as read on the version date.
 * An account's own terms, or a model of your own server, go into agents.yaml and win over this table.
 */
export interface Price {
  in: number
  cachedIn: number
  cacheWrite: number
  out: number
  /** Some models charge more for the whole request once its input passes a size. */
  above?: { inputTokens: number; in: number; cachedIn: number; cacheWrite: number; out: number }
}

export const PRICE_VERSION = '2026-11-20'

/** Dollars a million tokens, as price pages and agents.yaml write them. */
export interface OwnPrice {
  input: number
  output: number
  cachedInput?: number
  cacheWrite?: number
}

export const fromDollars = ({ input, output, cachedInput = input, cacheWrite = input }: OwnPrice): Price =>
  usd(input, cachedInput, output, cacheWrite)

const usd = (input: number, cachedIn: number, out: number, cacheWrite = input) => ({
  in: Math.round(input * 1e6),
  cachedIn: Math.round(cachedIn * 1e6),
  cacheWrite: Math.round(cacheWrite * 1e6),
  out: Math.round(out * 1e6),
})

const claude = (input: number, out: number): Price => usd(input, input * 0.1, out, input * 1.25)

const gemini = (input: number, cachedIn: number, out: number, above?: ReturnType<typeof usd>): Price => ({
  ...usd(input, cachedIn, out),
  ...(above ? { above: { inputTokens: 200_000, ...above } } : {}),
})

/** Taken for a model nobody listed: the dearest model in common use, so that a budget errs on the safe side. */
export const UNKNOWN_PRICE: Price = claude(10, 50)

/** A minute of sound: the dearest of the usual transcription models, since vendors bill sound by minute or by token. */
export const UNKNOWN_SOUND_MINUTE = 6_000

/** Longest key that a model's name starts with wins, so dated snapshots find their family. */
export const PRICES: Readonly<Record<string, Price>> = {
  'anthropic:claude-fable-5': claude(10, 50),
  'anthropic:claude-mythos-5': claude(10, 50),
  'anthropic:claude-opus-5': claude(5, 25),
  'anthropic:claude-opus-4-8': claude(5, 25),
  'anthropic:claude-opus-4-7': claude(5, 25),
  'anthropic:claude-opus-4-6': claude(5, 25),
  'anthropic:claude-opus-4-5': claude(5, 25),
  'anthropic:claude-sonnet-5': claude(2, 10),
  'anthropic:claude-sonnet-4-6': claude(3, 15),
  'anthropic:claude-sonnet-4-5': claude(3, 15),
  'anthropic:claude-haiku-4-5': claude(1, 5),
  'openai:gpt-5.5': usd(5, 0.5, 30),
  'openai:gpt-5.5-pro': usd(30, 30, 180),
  'openai:gpt-5.4': usd(2.5, 0.25, 15),
  'openai:gpt-5.4-mini': usd(0.75, 0.075, 4.5),
  'openai:gpt-5.4-nano': usd(0.2, 0.02, 1.25),
  'openai:gpt-5.4-pro': usd(30, 30, 180),
  'openai:gpt-4.1': usd(2, 0.5, 8),
  'openai:gpt-4.1-mini': usd(0.4, 0.1, 1.6),
  'openai:gpt-4.1-nano': usd(0.1, 0.025, 0.4),
  'openai:gpt-4o': usd(2.5, 1.25, 10),
  'openai:gpt-4o-mini': usd(0.15, 0.075, 0.6),
  'openai:text-embedding-3-small': usd(0.02, 0.02, 0),
  'openai:text-embedding-3-large': usd(0.13, 0.13, 0),
  'google:gemini-3.5-flash': gemini(1.5, 0.15, 9),
  'google:gemini-3.1-pro': gemini(2, 0.2, 12, usd(4, 0.4, 18)),
  'google:gemini-3.1-flash-lite': gemini(0.25, 0.025, 1.5),
  'google:gemini-3-pro': gemini(2, 0.2, 12, usd(4, 0.4, 18)),
  'google:gemini-3-flash': gemini(0.5, 0.05, 3),
  'google:gemini-2.5-pro': gemini(1.25, 0.125, 10, usd(2.5, 0.25, 15)),
  'google:gemini-2.5-flash': gemini(0.3, 0.03, 2.5),
  'google:gemini-2.5-flash-lite': gemini(0.1, 0.01, 0.4),
  'google:gemini-embedding-001': usd(0.15, 0.15, 0),
}
