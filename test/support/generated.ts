/** Parts of documents that are printed from code. `npm run fix` writes them, the tidy test compares. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildProgram } from '../../runtime/cli/program.ts'
import { ERRORS } from '../../runtime/core/errors.ts'
import { drawGraphs } from './draw-graphs.ts'
import { drawRooms, ROOT } from './rooms.ts'

export interface GeneratedPart {
  readonly file: string
  readonly name: string
  read(): string
  render(): string | Promise<string>
  write(text: string): void
}

/** Text between `<!-- name -->` and `<!-- /name -->`. */
function between(file: string, name: string, render: () => string | Promise<string>): GeneratedPart {
  const path = join(ROOT, file)
  const marks = new RegExp(`(<!-- ${name} -->\\n)([\\s\\S]*?)\\n?(<!-- /${name} -->)`)
  return {
    file,
    name,
    render,
    read: () => marks.exec(readFileSync(path, 'utf8'))?.[2] ?? `the marks <!-- ${name} --> are missing`,
    write: (text) =>
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(marks, (_, open, __, close) => `${open}${text}\n${close}`),
      ),
  }
}

function drawErrors(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, row]) =>
      `| <a id="error-${code}"></a>\`${code}\` | ${row.status} | ${row.blame} | ${row.retry} | ${row.hint} |`,
  )
  return [
    '| code | status | who can mend it | try again | what to do |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

const drawHelp = (): string => ['```text', buildProgram().helpInformation().trim(), '```'].join('\n')

export const generatedParts: readonly GeneratedPart[] = [
  between('README.md', 'rooms', drawRooms),
  between('README.md', 'errors', drawErrors),
  between('README.md', 'help', drawHelp),
  between('graphs/README.md', 'graphs', drawGraphs),
]
