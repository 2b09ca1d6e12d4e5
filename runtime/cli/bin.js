#!/usr/bin/env node
// Plain JavaScript on purpose: a Node that cannot run Stakazo must still be able to read this and say so.
// An installed package runs what `npm run build` made, on Node 22.18 or newer. A clone runs its TypeScript sources, which
// need Node 24; on Node 22 it runs the build when there is one.
const [major, minor] = process.versions.node.split('.').map(Number)
const isAtLeast = (wantedMajor, wantedMinor) =>
  major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)

const refuse = (wanted) => {
  process.stderr.write(
    `error node-too-old: this is Node ${process.versions.node}, Stakazo needs ${wanted} or newer\n`,
  )
  process.stderr.write(
    'next: in a clone use `npm run stakazo -- <command>`, which brings Node 24 along; else install it\n',
  )
  process.exitCode = 1
}

if (isAtLeast(22, 18)) {
  const { existsSync } = process.getBuiltinModule('fs')
  const source = new URL('./main.ts', import.meta.url)
  const built = new URL('../../dist/runtime/cli/main.js', import.meta.url)
  const isClone = existsSync(source)
  if (isClone && !isAtLeast(24, 0) && !existsSync(built)) refuse('24')
  else void import((isClone && isAtLeast(24, 0) ? source : built).href).then((cli) => cli.main(process.argv))
} else refuse('22.18')
