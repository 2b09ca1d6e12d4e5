import { defineConfig } from 'drizzle-kit'

// Only `npx drizzle-kit generate` reads this: it turns a change of db/schema into the next numbered migration.
export default defineConfig({ dialect: 'postgresql', schema: './db/schema/index.ts', out: './db/migrations' })
