import { parseArgs } from 'node:util'
import { createNewId } from '../../shared/domain/ids.ts'
import { createApiKey } from '../../shared/storage/api-keys/create-api-key.ts'
import { FIRST_KEY } from '../../shared/storage/api-keys/ensure-first-key.ts'
import { revokeApiKey } from '../../shared/storage/api-keys/revoke-api-key.ts'
import type { Db } from '../../shared/storage/db.ts'
import { readEnvWithSecrets } from './bootstrap/dotenv.ts'
import { findRoot } from './bootstrap/root.ts'
import { openStorage } from './bootstrap/storage.ts'
import { toConfig } from './config.ts'
import { runCommand } from './run-command.ts'
import { StartFault } from './start-fault.ts'

/** Scopes that a key can have. */
const SCOPES = ['chat', 'read', '*']
const USAGE = 'Usage: make key NAME=phone [SCOPES=chat,read], or make key-revoke NAME=phone.'

/** `node dist/keys.mjs create|revoke --name … [--scopes …]`, with the server running or not. */
async function keys(say: (line: string) => void): Promise<void> {
  const { verb, name, scopes } = readArguments()
  const root = findRoot()
  const config = toConfig(await readEnvWithSecrets(root, process.env), root)
  const storage = await openStorage(config, { exclusive: false })
  try {
    if (verb === 'create') say(await create(storage.db, name, scopes))
    else await revoke(storage.db, name, say)
  } finally {
    await storage.close()
  }
}

async function create(db: Db, name: string, scopes: readonly string[]): Promise<string> {
  const id = createNewId(() => Date.now())('key')
  const { secret } = await createApiKey(db, { id, name, scopes })
  return secret
}

async function revoke(db: Db, name: string, say: (line: string) => void): Promise<void> {
  if ((await revokeApiKey(db, { name })) === 0) throw new StartFault('There is no live key of that name.')
  say('The key is revoked.')
}

function readArguments(): { verb: 'create' | 'revoke'; name: string; scopes: readonly string[] } {
  const { values, positionals } = split()
  const [verb] = positionals
  const name = values.name.trim()
  if ((verb !== 'create' && verb !== 'revoke') || !/^[\w .@-]{1,64}$/.test(name)) throw new StartFault(USAGE)
  if (name === FIRST_KEY.name)
    throw new StartFault('That key is API_KEY of .env: change it there and start again.')
  const asked = values.scopes.split(/[,\s]+/).filter((scope) => scope !== '')
  if (asked.some((scope) => !SCOPES.includes(scope)))
    throw new StartFault(`SCOPES is a comma list of ${SCOPES.join(', ')} (* is all).`)
  return { verb, name, scopes: asked.length > 0 ? asked : ['*'] }
}

function split() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { name: { type: 'string', default: '' }, scopes: { type: 'string', default: '' } },
    })
  } catch (cause) {
    throw new StartFault(USAGE, { cause })
  }
}

await runCommand(keys)
