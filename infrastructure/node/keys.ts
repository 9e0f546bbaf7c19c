import { parseArgs } from 'node:util'
import { createNewId } from '../../shared/domain/ids.ts'
import { createApiKey, type NewApiKey } from '../../shared/storage/api-keys/create-api-key.ts'
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
const USAGE =
  'Usage: make key NAME=phone [SCOPES=chat,read] [TOKENS_PER_DAY=200000], or make key-revoke NAME=phone.'

/** `node dist/keys.mjs create|revoke --name … [--scopes …] [--tokens-per-day …]`, with the server running or not. */
async function keys(say: (line: string) => void): Promise<void> {
  const { verb, ...key } = readArguments()
  const root = findRoot()
  const config = toConfig(await readEnvWithSecrets(root, process.env), root)
  const storage = await openStorage(config, { exclusive: false })
  try {
    if (verb === 'create') say(await create(storage.db, key))
    else await revoke(storage.db, key.name, say)
  } finally {
    await storage.close()
  }
}

async function create(db: Db, key: Omit<NewApiKey, 'id'>): Promise<string> {
  const id = createNewId(() => Date.now())('key')
  const { secret } = await createApiKey(db, { id, ...key })
  return secret
}

async function revoke(db: Db, name: string, say: (line: string) => void): Promise<void> {
  if ((await revokeApiKey(db, { name })) === 0) throw new StartFault('There is no live key of that name.')
  say('The key is revoked.')
}

function readArguments(): Omit<NewApiKey, 'id'> & { verb: 'create' | 'revoke' } {
  const { values, positionals } = split()
  const [verb] = positionals
  const name = values.name.trim()
  if ((verb !== 'create' && verb !== 'revoke') || !/^[\w .@-]{1,64}$/.test(name)) throw new StartFault(USAGE)
  if (name === FIRST_KEY.name)
    throw new StartFault('That key is API_KEY of .env: change it there and start again.')
  const asked = values.scopes.split(/[,\s]+/).filter((scope) => scope !== '')
  if (asked.some((scope) => !SCOPES.includes(scope)))
    throw new StartFault(`SCOPES is a comma list of ${SCOPES.join(', ')} (* is all).`)
  const budget = values['tokens-per-day'].trim()
  if (!/^\d{0,12}$/.test(budget)) throw new StartFault('TOKENS_PER_DAY is a whole number of tokens.')
  const tokensPerDay = budget === '' ? null : Number(budget)
  return { verb, name, scopes: asked.length > 0 ? asked : ['*'], tokensPerDay }
}

function split() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        name: { type: 'string', default: '' },
        scopes: { type: 'string', default: '' },
        'tokens-per-day': { type: 'string', default: '' },
      },
    })
  } catch (cause) {
    throw new StartFault(USAGE, { cause })
  }
}

await runCommand(keys)
