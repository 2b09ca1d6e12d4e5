import { readEnvironment } from '../../config/env.ts'

export interface DemoOptions {
  yes?: boolean
  as: string
  lang: string
  brand?: string
  message?: string
  out: string
  keep?: boolean
}

export const isSpanish = ({ lang }: Pick<DemoOptions, 'lang'>): boolean => lang.toLowerCase().startsWith('es')

/** Databases and models of the environment are used; what would lead to a live network or another daemon is not. */
export const DEMO_ENVIRONMENT = {
  STAKAZO_MODE: 'sandbox',
  STAKAZO_STORE: undefined,
  STAKAZO_HOST: '127.0.0.1',
  STAKAZO_PORT: '0',
  STAKAZO_PUBLIC_URL: undefined,
  STAKAZO_ORIGINS: undefined,
  STAKAZO_URL: undefined,
  STAKAZO_API_KEY: undefined,
} as const

export const hasServedDatabase = (): boolean => readEnvironment().DATABASE_URL !== undefined
