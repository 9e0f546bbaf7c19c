import { isAbsolute, join } from 'node:path'
import { withDatabase } from './backup/open-database.ts'
import { readFile } from './backup/read-file.ts'
import { writeBackup } from './backup/write-backup.ts'
import { readEnv } from './bootstrap/dotenv.ts'
import { findRoot } from './bootstrap/root.ts'
import { toConfig, UNUSED } from './config.ts'
import { runCommand } from './run-command.ts'
import { VERSION } from './version.ts'

// `make backup [FILE=…]`: one consistent copy of the database as a file, with the server running or not.
await runCommand(async (say) => {
  const root = findRoot()
  const config = toConfig({ ...UNUSED, ...readEnv(root, process.env) }, root)
  const at = new Date()
  const file = readFile() ?? `aether-${at.toISOString().slice(0, 19).replaceAll(':', '')}.backup`
  const path = isAbsolute(file) ? file : join(root, file)
  const { tables, rows } = await withDatabase(config, { alone: false, made: true }, (url) =>
    writeBackup({ url, path, version: VERSION, at }),
  )
  say(`${path} holds ${rows} rows of ${tables} tables. Keep .env with it: it has the keys.`)
})
