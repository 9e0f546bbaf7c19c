const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Makes something that would end this process on a signal by itself, before its host has closed what it holds, and
 * takes its listeners away again: what it has to do at the end, the host tells it.
 */
export function keepSignals<T>(make: () => T): T {
  const before = new Map(SIGNALS.map((signal) => [signal, new Set(process.listeners(signal))]))
  const made = make()
  for (const signal of SIGNALS)
    for (const listener of process.listeners(signal))
      if (!before.get(signal)?.has(listener)) process.off(signal, listener)
  return made
}
