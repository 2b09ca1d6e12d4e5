/** An understanding as one line, so that a table of phrases reads like a list of translations. */
import type {
  Ask,
  Scope,
  Understanding,
  When,
} from '../../../../agents/orchestrator/understand/understanding.ts'

const scopeWords = ({ only, except, isLast }: Scope): string =>
  [only ? ` ${only.join('+')}` : '', except ? ` -${except.join('-')}` : '', isLast ? ' last' : ''].join('')

const whenWords = (when: When): string =>
  when.kind === 'at' ? `at ${when.at.slice(0, 16)}` : when.kind === 'now' ? 'now' : 'at best'

const lengthWords = ({
  minMs,
  maxMs,
  targetMs,
}: {
  minMs?: number
  maxMs?: number
  targetMs?: number
}): string =>
  [
    targetMs === undefined ? '' : ` ${targetMs / 1000}s`,
    minMs === undefined ? '' : ` >${minMs / 1000}s`,
    maxMs === undefined ? '' : ` <${maxMs / 1000}s`,
  ].join('')

const wishWords = (wish: object): string =>
  Object.entries(wish)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${Array.isArray(value) ? value.join('+') : value}`)
    .join('')

function askWords(ask: Ask): string {
  switch (ask.do) {
    case 'make':
      return `make ${ask.isWhole ? 'whole' : (ask.count ?? '?')}${ask.isPerFilm ? ' each' : ''}${ask.formats.map((format) => ` ${format}`).join('')}${lengthWords(ask)}${ask.wantsCaptions ? '' : ' bare'}${ask.captionLanguage ? ` in ${ask.captionLanguage}` : ''}${wishWords(ask.wish)}`
    case 'publish':
      return `publish${scopeWords(ask.scope)} ${whenWords(ask.when)}${ask.accountIds ? ` on ${ask.accountIds.join('+')}` : ''}`
    case 'trim':
      return `trim${scopeWords(ask.scope)} ${ask.change.kind}${'ms' in ask.change ? ` ${ask.change.ms / 1000}s` : ''}`
    case 'caption':
      return `caption${scopeWords(ask.scope)}${wishWords(ask.wish)}`
    case 'reformat':
      return `reformat${scopeWords(ask.scope)} ${ask.formats.join(' ')}`
    case 'move':
      return `move${scopeWords(ask.scope)} ${whenWords(ask.when)}`
    case 'cancel':
    case 'undo':
      return `${ask.do}${scopeWords(ask.scope)}`
    case 'measure':
      return `measure ${ask.wants.join('+')}${ask.metric ? ` of ${ask.metric}` : ''}${ask.from ? ` ${ask.from.slice(0, 10)}..${ask.to?.slice(0, 10)}` : ''}${ask.document ? ` as ${ask.document}` : ''}`
    case 'check':
      return `check${scopeWords(ask.scope)} by ${ask.by.join('+')}${ask.text === undefined ? '' : ` "${ask.text}"`}`
    case 'remember':
      return `remember "${ask.text}"`
    default:
      return ask.do
  }
}

export const inWords = ({ asks, isDraftOnly }: Understanding): string =>
  [...asks.map(askWords), ...(isDraftOnly ? ['drafts'] : [])].join(' | ')
