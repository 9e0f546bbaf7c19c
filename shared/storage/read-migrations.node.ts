import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Migration } from './migrate.ts'

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number }[]
}

/** The folder beside this file, or beside the bundle that this file is part of: the build copies it there. */
const FOLDER = join(import.meta.dirname, 'migrations')

/** The migrations as drizzle-kit generated them, with the hashes that it keeps. */
export function readMigrations(folder: string = FOLDER): Migration[] {
  const journal: Journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8'))
  return journal.entries.map(({ tag, when }) => {
    const text = readFileSync(join(folder, `${tag}.sql`), 'utf8')
    return {
      name: tag,
      at: when,
      hash: createHash('sha256').update(text).digest('hex'),
      statements: text.split('--> statement-breakpoint'),
    }
  })
}
