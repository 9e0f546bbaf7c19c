import { watch } from 'node:fs'
import { join } from 'node:path'

/** An editor writes a file in several steps. */
const SETTLE_MS = 10

/** Tells when sources under these folders have changed, one change for what comes close together; ends with `close`. */
export function watchSources(
  root: string,
  folders: readonly string[],
  onChange: () => void,
): { close(): void } {
  let timer: NodeJS.Timeout | undefined
  const soon = (_event: string, name: string | null) => {
    if (name !== null && !name.endsWith('.ts')) return
    clearTimeout(timer)
    timer = setTimeout(onChange, SETTLE_MS)
  }
  const watchers = folders.map((folder) => watch(join(root, folder), { recursive: true }, soon))
  return {
    close() {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}
