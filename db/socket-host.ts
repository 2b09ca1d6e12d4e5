/**
 * A server on a Unix socket is written `postgres://user@localhost/database?host=/directory`, which libpq and pg read.
 * postgres.js would send `host` to the server as a setting; it takes the directory as an option instead:
 *
 *     const { url, ...socket } = splitSocketHost(databaseUrl)
 *     const sql = postgres(url, { ...socket, ...options })
 */
export function splitSocketHost(databaseUrl: string): { url: string; host?: string } {
  const parsed = URL.parse(databaseUrl)
  const host = parsed?.searchParams.get('host')
  if (!parsed || !host?.startsWith('/')) return { url: databaseUrl }
  parsed.searchParams.delete('host')
  return { url: parsed.href, host }
}

export function socketUrl(directory: string, database = 'postgres', user = 'postgres'): string {
  return `postgres://${user}@localhost/${database}?host=${encodeURIComponent(directory)}`
}
