/**
 * What one run of the tests shares: a directory for one embedded Postgres, which the first test file that needs it
 * starts and the others join, and an id, by which everything the run leaves on servers is found and removed.
 */
import { randomBytes } from 'node:crypto'
import type { TestProject } from 'vitest/node'
import { stopEmbeddedPostgres } from '../../db/embedded.ts'
import { dropRunDatabases } from './postgres.ts'
import { temporaryDirectory } from './temporary-directory.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    testRun: { id: string; dataDir: string }
  }
}

export default function setup(project: TestProject): () => Promise<void> {
  const directory = temporaryDirectory('run')
  const id = randomBytes(4).toString('hex')
  project.provide('testRun', { id, dataDir: directory.path })
  return async () => {
    await dropRunDatabases(id)
    await stopEmbeddedPostgres({ dataDir: directory.path })
    directory[Symbol.dispose]()
  }
}
