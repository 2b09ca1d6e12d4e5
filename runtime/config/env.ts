/** The one file that reads the process's environment. Everything else gets what this returns. */

/** Every variable Stakazo knows, with the line `.env.example` shows for it. */
export const VARIABLES = {
  STAKAZO_MODE: 'sandbox (default: nothing leaves this machine) or live',
  STAKAZO_DATA: 'directory of the embedded database, keys and logs (default ./data)',
  STAKAZO_STORE: 'directory of media files (default <data>/blobs)',
  STAKAZO_HOST: 'address to listen on (default 127.0.0.1)',
  STAKAZO_PORT: 'port to listen on (default 7411)',
  STAKAZO_PUBLIC_URL: 'address under which platforms reach this daemon, e.g. https://stakazo.example.com',
  STAKAZO_MASTER_KEY: '32 bytes in base64 or hex that seal tokens (default: made once in <data>/master.key)',
  STAKAZO_ORIGINS: 'JSON object origin -> origin for tests; refused in live mode',
  STAKAZO_CONFIG: 'path of agents.yaml (default ./agents.yaml)',
  STAKAZO_URL: 'daemon the CLI talks to (default: the one of the data directory)',
  STAKAZO_API_KEY: 'key the CLI sends (default: the owner key of the data directory)',
  DATABASE_URL: 'your PostgreSQL instead of the embedded one',
  REDIS_URL: 'your Redis for the queue and short-term memory',
  OPENAI_API_KEY: 'makes openai:<model> links usable',
  OPENAI_BASE_URL: 'any OpenAI-compatible server',
  ANTHROPIC_API_KEY: 'makes anthropic:<model> links usable',
  ANTHROPIC_BASE_URL: 'another Anthropic-compatible server',
  GOOGLE_API_KEY: 'makes google:<model> links usable',
  GOOGLE_BASE_URL: 'another Gemini-compatible server',
  FFMPEG_PATH: 'ffmpeg to use (default: the system one, else the bundled one)',
  FFPROBE_PATH: 'ffprobe to use, beside FFMPEG_PATH',
} as const

export type Variable = keyof typeof VARIABLES
export type Environment = Partial<Record<Variable, string>>

/** An empty variable counts as absent: that is how shells and compose files unset one. */
export function readEnvironment(source: Record<string, string | undefined> = process.env): Environment {
  const found: Environment = {}
  for (const name of Object.keys(VARIABLES) as Variable[]) {
    const value = source[name]?.trim()
    if (value) found[name] = value
  }
  return found
}

/** The environment of a child process of ours: this one's, changed. `undefined` takes a variable away. */
export function childEnvironment(changes: Environment): Record<string, string | undefined> {
  return { ...process.env, ...changes }
}

/** Variables that look like ours and are not: a typo would otherwise be silently without effect. */
export function listUnknownVariables(source: Record<string, string | undefined> = process.env): string[] {
  return Object.keys(source).filter((name) => name.startsWith('STAKAZO_') && !(name in VARIABLES))
}
