import { readEnv } from './bootstrap/dotenv.ts'
import { findRoot } from './bootstrap/root.ts'
import { toConfig, UNUSED } from './config.ts'
import { endLeftover } from './postgres/embedded.ts'
import { runCommand } from './run-command.ts'

// `make down`: ends the embedded Postgres that a killed server has left behind.
await runCommand(async (say) => {
  const root = findRoot()
  const { dataDir } = toConfig({ ...UNUSED, ...readEnv(root, process.env) }, root)
  const outcome = await endLeftover({ dataDir })
  if (outcome === 'used') say(`The database in ${dataDir} is in use: end that Aether with Ctrl-C or SIGTERM.`)
  else say(outcome === 'ended' ? `The database in ${dataDir} has ended.` : 'No database is left running.')
})
