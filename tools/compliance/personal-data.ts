/** Data of persons in a text. Numbers count only when their own check digits agree, so that dates and prices pass. */

export interface PersonalDatum {
  readonly kind: 'email' | 'phone' | 'identity-number' | 'bank-account' | 'card-number'
  readonly text: string
}

export function findPersonalData(text: string): PersonalDatum[] {
  const emails = matches(text, /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/gu)
  const accounts = matches(text, /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g).filter(
    isIban,
  )
  const rest = accounts.reduce((left, account) => left.replace(account, ' '), text)
  const cards = matches(rest, /\b(?:\d[ -]?){12,18}\d\b/g).filter(isCard)
  const identities = [
    ...matches(rest, /\b\d{8}[ -]?[A-Z]\b/gi).filter(isDni),
    ...matches(rest, /\b[XYZ][ -]?\d{7}[ -]?[A-Z]\b/gi).filter(isNie),
    ...matches(rest, /\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g),
  ]
  const taken = [...cards, ...identities]
  const phones = matches(
    taken.reduce((left, each) => left.replace(each, ' '), rest),
    /(?<![\p{L}\p{N}.,€$])(?:(?:\+|00)\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){2,4}(?![\p{N}%€$])/gu,
  ).filter(isPhone)
  const label = (kind: PersonalDatum['kind']) => (found: string) => ({ kind, text: found })
  return [
    ...emails.map(label('email')),
    ...phones.map(label('phone')),
    ...identities.map(label('identity-number')),
    ...accounts.map(label('bank-account')),
    ...cards.map(label('card-number')),
  ]
}

/** Enough to find it again, too little to repeat it in a report. */
export const mask = (text: string): string =>
  text.length <= 4
    ? '••••'
    : `${text.slice(0, 2)}${'•'.repeat(Math.min(8, text.length - 4))}${text.slice(-2)}`

const matches = (text: string, pattern: RegExp): string[] => text.match(pattern) ?? []
const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** A phone has 9 to 15 digits; a date such as 20-11-2026 18:30 or 2026-11-20 has a year in it. */
function isPhone(text: string): boolean {
  const digits = digitsOf(text)
  if (digits.length < 9 || digits.length > 15) return false
  return !/\b(?:19|20)\d{2}[ .-]\d{1,2}[ .-]\d{1,2}\b|\b\d{1,2}[ .-]\d{1,2}[ .-](?:19|20)\d{2}\b/.test(text)
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE'
const isDni = (text: string): boolean =>
  DNI_LETTERS[Number(digitsOf(text)) % 23] === text.at(-1)?.toUpperCase()

function isNie(text: string): boolean {
  const first = 'XYZ'.indexOf(text[0]?.toUpperCase() ?? '')
  return DNI_LETTERS[Number(`${first}${digitsOf(text)}`) % 23] === text.at(-1)?.toUpperCase()
}

/** Luhn. */
function isCard(text: string): boolean {
  const digits = [...digitsOf(text)].map(Number).reverse()
  if (digits.length < 13 || digits.length > 19 || new Set(digits).size === 1) return false
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/** ISO 7064, modulo 97. */
function isIban(text: string): boolean {
  const plain = text.replace(/ /g, '')
  const turned = `${plain.slice(4)}${plain.slice(0, 4)}`
  const number = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  let rest = 0
  for (const digit of number) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}
