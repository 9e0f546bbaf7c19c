import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The project's root: the next folder above this file, or above the bundle that it is part of, with our package.json.
 * `.env`, DATA_DIR and other relative paths are looked up from there, wherever the process was started.
 */
export function findRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'aether') return folder
    if (folder === dirname(folder)) return process.cwd()
  }
}
