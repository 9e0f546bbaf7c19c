import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { restoreBackup } from '../../../../infrastructure/node/backup/restore-backup.ts'
import { quoted, tablesOf } from '../../../../infrastructure/node/backup/tables.ts'
import { writeBackup } from '../../../../infrastructure/node/backup/write-backup.ts'
import { createApiKey } from '../../../../shared/storage/api-keys/create-api-key.ts'
import { openPool } from '../../../../shared/storage/db.ts'
import { migrateDb } from '../../../../shared/storage/migrate.ts'
import { readMigrations } from '../../../../shared/storage/read-migrations.node.ts'
import { storeConversation } from '../../../harness/conversation.ts'
import { emptyDatabase, withDatabase } from '../../../harness/database.ts'
import { tempFolder } from '../../../harness/temp-folder.ts'

const database = withDatabase()
const migrations = readMigrations()
const AT = new Date('2026-11-24T10:00:00Z')

/** Every row of every table, as text. */
async function contentOf(url: string): Promise<Record<string, string[]>> {
  const pool = openPool(url, { max: 1 })
  try {
    const content: Record<string, string[]> = {}
    for (const { name } of await tablesOf(pool)) {
      const rows = await pool.unsafe<{ line: string }[]>(`select t::text as line from ${quoted(name)} t`)
      content[name] = rows.map(({ line }) => line).sort()
    }
    return content
  } finally {
    await pool.end()
  }
}

const backUp = async (url = database.url) => {
  const path = join(tempFolder(), 'a.backup')
  const counted = await writeBackup({ url, path, version: '1.2.3', at: AT })
  return { path, ...counted }
}
const restore = (url: string, path: string, known = migrations) =>
  restoreBackup({ url, path, migrations: known })

/** Changes the lines of a backup, with a right checksum again unless the change is to be found out. */
function changed(path: string, change: (lines: string[]) => string[], seal = true): string {
  const lines = change(gunzipSync(readFileSync(path)).toString().trimEnd().split('\n'))
  if (seal) {
    const body = lines.slice(0, -1)
    const rows = body.filter((line) => line.startsWith('[')).length
    const sha256 = createHash('sha256')
      .update(body.map((line) => `${line}\n`).join(''))
      .digest('hex')
    lines[lines.length - 1] = JSON.stringify({ end: true, rows, sha256 })
  }
  const copy = `${path}.changed`
  writeFileSync(copy, gzipSync(lines.map((line) => `${line}\n`).join('')))
  return copy
}

/** Texts that a copy could spoil. */
const NASTY = 'tab\t line\n return\r quote" \\ \\. \u2028 \u0001 é 漢字 🏠 $1 [1] null'

describe('a backup', () => {
  test('is restored as it was, to the last character, and new rows go on after the old ones', async () => {
    const { db } = database
    await storeConversation(db)
    await createApiKey(db, { id: 'key_1', name: NASTY, scopes: ['*'] })
    await db.execute(sql`update messages set content = ${NASTY}`)
    await db.execute(
      sql`update runs set options = options || '{"odd": null, "n": 1e-7}'::jsonb, ended_at = null`,
    )
    await db.execute(sql`update scripts set result = 'null'::jsonb`)
    await db.execute(sql`update metrics set value = 0.1::float8 + 0.2::float8`)
    const { path, tables, rows } = await backUp()
    const before = await contentOf(database.url)
    expect([tables, rows]).toEqual([Object.keys(before).length, Object.values(before).flat().length])
    expect(statSync(path).mode & 0o777).toBe(0o600)

    const url = await emptyDatabase(database)
    expect(await restore(url, path)).toMatchObject({
      rows,
      head: { version: '1.2.3', made_at: AT.toISOString() },
    })
    expect(await contentOf(url)).toEqual(before)
    expect(await migrateDb(url, migrations)).toEqual({ applied: 0 })
    const pool = openPool(url, { max: 1 })
    const [row] = await pool<{ id: number }[]>`insert into llm_usage
      (owner, service, model, prompt_tokens, completion_tokens, total_tokens, at)
      values ('a', 'b', 'c', 1, 1, 2, now()) returning id::int`
    await pool.end()
    expect(row?.id).toBe((before.llm_usage?.length ?? 0) + 1)
  })

  test('is one moment, whatever is written meanwhile, and holds nobody up', async () => {
    const { db } = database
    let going = true
    const writing = (async () => {
      let stored = 0
      for (; going; stored++) await storeConversation(db)
      return stored
    })()
    const backups = [await backUp(), await backUp()]
    going = false
    expect(await writing).toBeGreaterThan(0)
    for (const { path } of backups) {
      const url = await emptyDatabase(database)
      await restore(url, path)
      const { runs = [], run_feedback: feedback = [], analyses = [] } = await contentOf(url)
      // Each of them is written after the one before: a copy of one moment never has more of the later ones.
      expect(runs.length).toBeGreaterThanOrEqual(analyses.length)
      expect(analyses.length).toBeGreaterThanOrEqual(feedback.length)
    }
  })

  test('is never written over another file, and leaves no half one', async () => {
    const { path } = await backUp()
    const size = statSync(path).size
    await expect(writeBackup({ url: database.url, path, version: '1', at: AT })).rejects.toThrow(
      'is there already',
    )
    expect(statSync(path).size).toBe(size)
    const nowhere = join(tempFolder(), 'no/folder/a.backup')
    await expect(writeBackup({ url: database.url, path: nowhere, version: '1', at: AT })).rejects.toThrow(
      'ENOENT',
    )
    const folder = tempFolder()
    const none = join(folder, 'a.backup')
    const url = await emptyDatabase(database)
    await expect(writeBackup({ url, path: none, version: '1', at: AT })).rejects.toThrow('no data of Aether')
    expect(readdirSync(folder)).toEqual([])
  })

  test('of an older schema is brought up to this one', async () => {
    const [first, ...later] = migrations
    if (!first) throw new Error('there are no migrations')
    const url = await emptyDatabase(database)
    await migrateDb(url, [first])
    const pool = openPool(url, { max: 1 })
    await pool`insert into api_keys (id, name, lookup, hash, scopes) values ('key_old', 'old', 'l', 'h', '["*"]')`
    await pool.end()
    const { path } = await backUp(url)
    const target = await emptyDatabase(database)
    await restore(target, path)
    expect((await contentOf(target)).api_keys).toHaveLength(1)
    expect(await migrateDb(target, migrations)).toEqual({ applied: 0 })
    expect(later.length).toBeGreaterThan(0)
  })
})

describe('a restore is refused, and leaves the database empty,', () => {
  const isEmpty = async (url: string) => expect(await contentOf(url)).toEqual({})

  test('where the database is not', async () => {
    const { path } = await backUp()
    const before = await contentOf(database.url)
    await expect(restore(database.url, path)).rejects.toThrow('is not empty')
    expect(await contentOf(database.url)).toEqual(before)
  })

  test('for a backup of a newer Aether', async () => {
    const { path } = await backUp()
    const url = await emptyDatabase(database)
    await expect(restore(url, path, migrations.slice(0, -1))).rejects.toThrow('made by Aether 1.2.3')
    await isEmpty(url)
  })

  test.each([
    [
      'a byte that is another one',
      (lines: string[]) => lines.map((line) => line.replace('alice', 'alicf')),
      'checksum',
    ],
    [
      'a row that is missing',
      (lines: string[]) =>
        lines.filter((line, i) => i !== lines.findLastIndex((l) => l.startsWith('[')) || line === ''),
      'checksum',
    ],
    ['an end that is missing', (lines: string[]) => lines.slice(0, -1), 'its end is missing'],
    [
      'something after the end',
      (lines: string[]) => [...lines, '{"table":"runs","columns":[]}'],
      'after its end',
    ],
    ['a head that is missing', (lines: string[]) => lines.slice(1), 'does not begin like one'],
    ['a later format', (lines: string[]) => ['{"aether_backup":2}', ...lines.slice(1)], 'later format'],
  ])('for %s', async (_, change, message) => {
    await storeConversation(database.db)
    const { path } = await backUp()
    const url = await emptyDatabase(database)
    await expect(restore(url, changed(path, change, false))).rejects.toThrow(message)
    await isEmpty(url)
  })

  test('for a file that is cut off, another kind of file, and none', async () => {
    const { path } = await backUp()
    const url = await emptyDatabase(database)
    const whole = readFileSync(path)
    for (const [name, content, message] of [
      ['cut', whole.subarray(0, whole.length - 20), 'its end is missing'],
      ['half', whole.subarray(0, whole.length / 2), 'its end is missing'],
      ['text', Buffer.from('select 1;'), 'no backup of Aether'],
      ['zip', gzipSync('select 1;\n'), 'no backup of Aether'],
    ] as const) {
      const file = `${path}.${name}`
      writeFileSync(file, content)
      await expect(restore(url, file), name).rejects.toThrow(message)
    }
    await expect(restore(url, `${path}.none`)).rejects.toThrow('There is no file')
    await isEmpty(url)
  })

  test('when something in the middle does not fit', async () => {
    await storeConversation(database.db)
    const { path } = await backUp()
    const url = await emptyDatabase(database)
    // A run without its conversation, under a right checksum.
    const orphan = changed(path, (lines) => {
      const at = lines.findIndex((line) => line.startsWith('{"table":"conversations"'))
      const next = lines.findIndex((line, i) => i > at && line.startsWith('{'))
      return [...lines.slice(0, at + 1), ...lines.slice(next)]
    })
    await expect(restore(url, orphan)).rejects.toThrow('foreign key')
    await isEmpty(url)
    const unknown = changed(path, (lines) =>
      lines.map((line) => line.replace('{"table":"scripts"', '{"table":"pg_class"')),
    )
    await expect(restore(url, unknown)).rejects.toThrow('does not have (pg_class)')
    await isEmpty(url)
    expect(existsSync(path)).toBe(true)
  })
})
