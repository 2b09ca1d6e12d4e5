/** Ctrl-C as a signal, once: the second one ends the process as always. */
export function onInterrupt(): Disposable & { readonly signal: AbortSignal; raise(): void } {
  const stop = new AbortController()
  const raise = () => stop.abort()
  process.once('SIGINT', raise)
  process.once('SIGTERM', raise)
  return {
    signal: stop.signal,
    raise,
    [Symbol.dispose]() {
      process.off('SIGINT', raise)
      process.off('SIGTERM', raise)
    },
  }
}
