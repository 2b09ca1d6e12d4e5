/** Knobs of the whole sandbox, changed through the control API and remembered. */
import { z } from 'zod'
import type { Store } from './store.ts'

export const Settings = z.strictObject({
  /** How long the platform processes an upload; zero for load tests. */
  processingMs: z.int().min(0).max(3_600_000),
  /** Calls an app may make an hour before code 4. */
  appCallsPerHour: z.int().min(1),
})
export type Settings = z.infer<typeof Settings>

const DEFAULT_SETTINGS: Settings = { processingMs: 1_200, appCallsPerHour: 5_000_000 }

export interface SettingsBook {
  read(): Settings
  change(change: Partial<Settings>): Settings
}

export function openSettings(store: Store): SettingsBook {
  let current: Settings = {
    ...DEFAULT_SETTINGS,
    ...Settings.partial().parse(store.readMeta('settings') ?? {}),
  }
  return {
    read: () => current,
    change: (change) => {
      current = Settings.parse({ ...current, ...change })
      store.writeMeta('settings', current)
      return current
    },
  }
}
