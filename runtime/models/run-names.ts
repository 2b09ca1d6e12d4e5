/**
 * What differs from one run to the next though nothing else does: ids and moments. On a tape they are marks such as
 * `<id:1>` and `<at:2>`, numbered by where a conversation first speaks of them, so that a run of today can be held
 * against one of last year.
 */
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/
const INSTANT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})/
const NAMED = new RegExp(`${UUID.source}|${INSTANT.source}`, 'g')
const MARK = /<(?:id|at):\d+>/g

export interface RunNames {
  /** For holding one run against another: moments lose their number, since two may or may not fall into one millisecond. */
  plain<T>(value: T): T
  /** The value as a tape keeps it; names it has not met in the conversation stay as they are. */
  hide<T>(value: T): T
  /** The value as this run would say it. */
  show<T>(value: T): T
}

/** Reads the conversation for its names. Values must be plain JSON. */
export function readRunNames(conversation: unknown): RunNames {
  const marks = new Map<string, string>()
  let place = 0
  for (const [name] of JSON.stringify(conversation).matchAll(NAMED)) {
    place += 1
    if (!marks.has(name)) marks.set(name, `<${UUID.test(name) ? 'id' : 'at'}:${place}>`)
  }
  const names = new Map([...marks].map(([name, mark]) => [mark, name]))
  const swap =
    (pattern: RegExp, by: (found: string) => string | undefined) =>
    <T>(value: T): T =>
      JSON.parse(JSON.stringify(value).replace(pattern, (found) => by(found) ?? found)) as T
  return {
    plain: swap(NAMED, (name) => (UUID.test(name) ? marks.get(name) : '<at>')),
    hide: swap(NAMED, (name) => marks.get(name)),
    show: swap(MARK, (mark) => names.get(mark)),
  }
}
