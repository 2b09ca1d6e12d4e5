#!/usr/bin/env node
// Plain JavaScript on purpose: a Node that cannot run Stakazo must still be able to read this and say so.
// Runs the TypeScript sources in a clone, and what `npm run build` made in an installed package.
const WANTED = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < WANTED[0] || (major === WANTED[0] && minor < WANTED[1])) {
  const found = process.versions.node
  process.stderr.write(
    `error node-too-old: this is Node ${found}, Stakazo needs ${WANTED.join('.')} or newer\n`,
  )
  process.stderr.write(
    'next: in a clone use `npm run stakazo -- <command>`, which brings Node 24 along; else install it\n',
  )
  process.exitCode = 1
} else {
  const { existsSync } = process.getBuiltinModule('fs')
  const source = new URL('./main.ts', import.meta.url)
  const built = new URL('../../dist/runtime/cli/main.js', import.meta.url)
  void import((existsSync(source) ? source : built).href).then((cli) => cli.main(process.argv))
}
