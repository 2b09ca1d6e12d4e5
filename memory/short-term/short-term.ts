/** What is needed for minutes or hours: by namespace (`sessions`, `cache`, …), each with an end of its own. */
export interface ShortTerm {
  get(namespace: string, key: string): Promise<unknown>
  /** Replaces; the end counts from now: the namespace's own (runtime/core/namespaces.ts) or `ttlMs`. */
  set(namespace: string, key: string, value: unknown, ttlMs?: number): Promise<void>
  delete(namespace: string, key: string): Promise<void>
}

export interface ShortTermStore extends AsyncDisposable {
  readonly kind: 'redis' | 'postgres'
  forTenant(tenantId: string): ShortTerm
  /** Removes the tenant's entries whose key or value the test takes; returns how many. */
  forget(tenantId: string, isMeant: (text: string) => boolean): Promise<number>
}
