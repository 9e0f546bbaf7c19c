/** What has been opened, to be closed in the opposite order. */
export interface Closers {
  add(name: string, close: () => Promise<unknown>): void
  /** Closes everything; a fault of one does not keep the others open, and goes to `onFault`. */
  closeAll(onFault: (name: string, error: unknown) => void): Promise<void>
}

export function createClosers(): Closers {
  const open: { name: string; close: () => Promise<unknown> }[] = []
  return {
    add: (name, close) => {
      open.push({ name, close })
    },
    async closeAll(onFault) {
      for (let last = open.pop(); last; last = open.pop())
        try {
          await last.close()
        } catch (error) {
          onFault(last.name, error)
        }
    },
  }
}
