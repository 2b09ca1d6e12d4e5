/** Cuts a stream of chunks into lines; a chunk may end anywhere. */
export function lineReader(onLine: (line: string) => void): { take(chunk: Buffer): void; end(): void } {
  let rest = ''
  return {
    take(chunk) {
      const lines = (rest + chunk.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line.trimEnd())
    },
    end() {
      if (rest) onLine(rest.trimEnd())
      rest = ''
    },
  }
}
