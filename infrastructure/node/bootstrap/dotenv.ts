import { randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Env } from '../../../shared/config/env.ts'
import { newKeySecret } from '../../../shared/storage/api-keys/key-material.ts'
import { errorCode, StartFault } from '../start-fault.ts'
import { withFileLock } from './file-lock.ts'

/** Secrets that a first start makes, with what they are for. */
const MADE = {
  API_KEY: {
    make: newKeySecret,
    comment: 'The first API key: it may do everything.',
  },
  SERVICE_SECRET: {
    make: () => randomBytes(32).toString('base64url'),
    comment: 'Signs the short-lived tokens between the services.',
  },
  POSTGRES_PASSWORD: {
    make: () => randomBytes(24).toString('base64url'),
    comment: 'Of the Postgres container. It holds from the first start of its volume on.',
  },
} as const

/** Names of the secrets that can be made. */
export type MadeSecret = keyof typeof MADE

/** What a process needs: a service that takes no API keys is told none. */
function needed({ AETHER_SERVICE: service }: Env): MadeSecret[] {
  return service && service !== 'gateway' ? ['SERVICE_SECRET'] : ['API_KEY', 'SERVICE_SECRET']
}

/** Variables of `.env` with those of the process over them; an empty one counts as not set and hides nothing. */
export function readEnv(root: string, processEnv: Env): Env {
  const set = Object.entries(processEnv).filter(([, value]) => value?.trim())
  return { ...readFile(join(root, '.env')), ...Object.fromEntries(set) }
}

/**
 * The same, after writing the secrets that are needed and nowhere set to `.env`, readable for this user alone. Of
 * several starts at once the first one's secrets hold.
 */
export async function readEnvWithSecrets(
  root: string,
  processEnv: Env,
  also: readonly MadeSecret[] = [],
): Promise<Env> {
  const env = readEnv(root, processEnv)
  const names = [...needed(env), ...also]
  const missing = (now: Env) => names.filter((name) => !now[name]?.trim())
  if (missing(env).length === 0) return env
  const path = join(root, '.env')
  try {
    await withFileLock(`${path}.lock`, () => {
      const left = missing(readEnv(root, processEnv))
      if (left.length > 0) append(path, left)
    })
  } catch (error) {
    if (error instanceof StartFault) throw error
    throw new StartFault(
      `${missing(env).join(' and ')} cannot be written to ${path} (${errorCode(error)}). Make the folder writable, or set ${missing(env).length > 1 ? 'both' : 'it'} in the environment.`,
      { cause: error },
    )
  }
  return readEnv(root, processEnv)
}

function append(path: string, names: readonly MadeSecret[]): void {
  const before = readText(path)
  const lines = names.map((name) => `# ${MADE[name].comment}\n${name}=${MADE[name].make()}\n`)
  const gap = before === '' || before.endsWith('\n') ? '' : '\n'
  appendFileSync(path, gap + lines.join(''), { mode: 0o600 })
  chmodSync(path, 0o600) // the file may have been there with another mode
}

function readFile(path: string): Env {
  return parseEnv(readText(path))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ''
    throw new StartFault(`${path} cannot be read (${errorCode(error)}).`, { cause: error })
  }
}
