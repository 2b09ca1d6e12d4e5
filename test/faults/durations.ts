/** Of the daemons under trial: as short as two busy cores allow. */
export const LEASE_MS = 2_500
/** The slowest answer that is asked of the sandbox, with room: a "not live" may count only after it. */
export const SLOW_MS_MAX = 1_200
export const SETTLE_MS = 2_500
