/**
 * PostgreSQL refuses to run as root, and rightly so. A daemon started as root therefore gives its database less:
 *
 * - `user-namespace`: root renamed to 65534 in a namespace without a single capability. Files stay root's, so it
 *   works in a home of mode 700. Containers usually forbid it.
 * - `nobody-reaching`: the user nobody, keeping only the capability to pass closed directories: containers, mode 700.
 * - `nobody`: just that user, where binaries and data lie open to it.
 */
import { chown, lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StakazoError } from '../runtime/core/errors.ts'
import type { EmbeddedBinaries } from './embedded-binaries.ts'
import { type Identity, runProgram } from './run-program.ts'

export type PrivilegesKind = 'own-user' | 'user-namespace' | 'nobody-reaching' | 'nobody'

export interface Privileges {
  readonly kind: PrivilegesKind
  /** What to write before a command line. */
  readonly prefix: readonly string[]
  /** Who to be when starting it. */
  readonly as: Identity | undefined
  /** Who must own the files; undefined where nobody else could. */
  readonly owner: Identity | undefined
}

const NOBODY: Identity = { uid: 65_534, gid: 65_534 }
const ROOT: Identity = { uid: 0, gid: 0 }

const OWN_USER: Privileges = { kind: 'own-user', prefix: [], as: undefined, owner: undefined }

/** In the order of preference: the less a road leaves, the earlier it comes. */
const ROADS: readonly Privileges[] = [
  {
    kind: 'user-namespace',
    prefix: ['unshare', '-U', '--map-user=65534', '--map-group=65534'],
    as: undefined,
    owner: ROOT,
  },
  { kind: 'nobody', prefix: [], as: NOBODY, owner: NOBODY },
  {
    kind: 'nobody-reaching',
    prefix: [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
    ],
    as: undefined,
    owner: NOBODY,
  },
]

export interface PrivilegesQuestion {
  readonly dataDir: string
  readonly binaries: EmbeddedBinaries
  readonly signal?: AbortSignal | undefined
  /** Roads to try; tests name one. */
  readonly kinds?: readonly PrivilegesKind[] | undefined
}

/** The first road on which the server's binary runs and the data directory can be written, found by doing both. */
export async function choosePrivileges(question: PrivilegesQuestion): Promise<Privileges> {
  const { kinds } = question
  const isRoot = process.getuid?.() === 0
  const roads = isRoot ? ROADS.filter((road) => kinds?.includes(road.kind) ?? true) : [OWN_USER]
  const refusals: Record<string, string> = {}
  for (const road of roads) {
    const refusal = await tryRoad(road, question)
    if (refusal === undefined) return road
    refusals[road.kind] = refusal
  }
  question.signal?.throwIfAborted()
  const reasons = Object.entries(refusals).map(([kind, reason]) => `${kind}: ${reason}`)
  const message = isRoot
    ? 'as root, no way was found to run PostgreSQL with fewer rights'
    : 'the embedded PostgreSQL does not run on this machine'
  throw new StakazoError('embedded-unsupported', `${message} (${reasons.join('; ')})`, {
    details: { refusals },
  })
}

async function tryRoad(road: Privileges, { dataDir, binaries, signal }: PrivilegesQuestion) {
  const probe = await mkdtemp(join(dataDir, 'postgres.probe-'))
  try {
    await giveTo(probe, road.owner)
    const script = 'test -w "$1" || { echo "cannot write $1"; exit 1; }; exec "$2" -V'
    const command = [...road.prefix, '/bin/sh', '-c', script, 'sh', probe, binaries.postgres]
    const { code, output } = await runProgram(command, { as: road.as, signal })
    return code === 0 ? undefined : output.trim().slice(0, 500) || `exit ${code}`
  } finally {
    await rm(probe, { recursive: true, force: true })
  }
}

/**
 * Hands a tree to its owner, the top last, so that an interrupted hand-over is seen and repeated. Needed where a data
 * directory changes roads, as when a volume moves from a container to its host.
 */
export async function giveTo(path: string, owner: Identity | undefined): Promise<void> {
  if (owner === undefined) return
  const found = await lstat(path)
  if (found.uid === owner.uid) return
  if (found.isDirectory()) {
    for (const entry of await readdir(path)) await giveTo(join(path, entry), owner)
  }
  await chown(path, owner.uid, owner.gid)
}
