/** Every table, by hand. */
export * from './effects.ts'
export * from './media.ts'
export * from './memory.ts'
export * from './record.ts'
export * from './runs.ts'
export * from './tenancy.ts'
