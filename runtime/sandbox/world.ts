/** Everything a network of the sandbox works with, opened once, in order. */
import { type Accounts, openAccounts } from './accounts.ts'
import { type Comments, openComments } from './comments.ts'
import { type Engagement, openEngagement } from './engagement.ts'
import { type Faults, openFaults } from './faults.ts'
import { openPublications, type Publications } from './publications.ts'
import { openSandboxClock, type SandboxClock } from './sandbox-clock.ts'
import { openSettings, type SettingsBook } from './settings.ts'
import { openStore, type Store } from './store.ts'
import { openWitness, type Witness } from './witness.ts'

export interface World extends Disposable {
  store: Store
  clock: SandboxClock
  accounts: Accounts
  publications: Publications
  comments: Comments
  engagement: Engagement
  faults: Faults
  witness: Witness
  settings: SettingsBook
  log: SandboxLog
  /** Aborts when the process ends: what runs in the background must not touch a closed store. */
  stop: AbortSignal
}

/** One line of the process's log; never a token, never a body. */
export type SandboxLog = (message: string, details?: Record<string, unknown>) => void

export function openWorld(dataDir: string, log: SandboxLog): World {
  const store = openStore(dataDir)
  const stopping = new AbortController()
  const clock = openSandboxClock(store)
  const accounts = openAccounts(store, clock)
  const comments = openComments(store)
  return {
    store,
    clock,
    accounts,
    comments,
    publications: openPublications(store, clock),
    engagement: openEngagement({ store, clock, accounts, comments }),
    faults: openFaults(store),
    witness: openWitness(store, clock),
    settings: openSettings(store),
    log,
    stop: stopping.signal,
    [Symbol.dispose]: () => {
      stopping.abort()
      store[Symbol.dispose]()
    },
  }
}
