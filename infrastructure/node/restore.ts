import { isAbsolute, join } from 'node:path'
import { readMigrations } from '../../shared/storage/read-migrations.node.ts'
import { checkBackup } from './backup/check-backup.ts'
import { withDatabase } from './backup/open-database.ts'
import { readFile } from './backup/read-file.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import { readEnv } from './bootstrap/dotenv.ts'
import { findRoot } from './bootstrap/root.ts'
import { toConfig, UNUSED } from './config.ts'
import { runCommand } from './run-command.ts'
import { StartFault } from './start-fault.ts'

// `make restore FILE=…`: puts a backup into an empty database.
await runCommand(async (say) => {
  const file = readFile()
  if (file === null) throw new StartFault('Usage: make restore FILE=aether-….backup')
  const root = findRoot()
  const config = toConfig({ ...UNUSED, ...readEnv(root, process.env) }, root)
  const path = isAbsolute(file) ? file : join(root, file)
  // A file that is no good must not leave a new, empty database behind.
  await checkBackup(path)
  const { head, rows } = await withDatabase(config, { alone: true, made: false }, (url) =>
    restoreBackup({ url, path, migrations: readMigrations() }),
  )
  say(`${rows} rows of ${head.made_at} (Aether ${head.version}) are back.`)
})
