/** The one row of a query by key, or undefined. */
export const firstRow = <T>(rows: readonly T[]): T | undefined => rows[0]
