import type { Now } from '../../domain/ids.ts'

/** What was read lately and seldom changes. Only whole answers are kept; a failed read leaves nothing behind. */
export interface Remembered {
  get<T>(key: string, keptMs: number, read: () => Promise<T>): Promise<T>
  /** Everything is read anew from now on, also what is being read. */
  forget(): void
}

export function createRemembered(now: Now): Remembered {
  let kept = new Map<string, { readonly at: number; readonly value: unknown }>()
  return {
    async get<T>(key: string, keptMs: number, read: () => Promise<T>) {
      const known = kept.get(key)
      // A key belongs to one place in the code, so what it holds has that place's type.
      if (known && now() - known.at < keptMs) return known.value as T
      const into = kept
      const value = await read()
      into.set(key, { at: now(), value })
      return value
    },
    forget() {
      kept = new Map()
    },
  }
}
