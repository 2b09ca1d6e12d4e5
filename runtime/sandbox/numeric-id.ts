/** Ids as the platforms make them: long, numeric, never guessable as a counter, never reused. */
import type { Store } from './store.ts'

const SPAN = 10n ** 14n
// odd and not a multiple of 5, so coprime with 10^14: the map is one to one over the whole span
const STRIDE = 61_803_398_874_989n

/** 17 digits starting with `prefix` (three digits), such as 179… for containers and 180… for media. */
export function numericId(store: Store, prefix: '178' | '179' | '180'): string {
  const mixed = (BigInt(store.nextNumber(`id/${prefix}`)) * STRIDE) % SPAN
  return `${prefix}${mixed.toString().padStart(14, '0')}`
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The shortcode in a permalink: the id in base 64, as Instagram writes it. */
export function shortcodeOf(id: string): string {
  let code = ''
  for (let rest = BigInt(id); rest > 0n; rest /= 64n) code = (ALPHABET[Number(rest % 64n)] ?? '') + code
  return code
}
