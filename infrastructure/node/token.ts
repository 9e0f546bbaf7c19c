import { parseArgs } from 'node:util'
import { signServiceToken } from '../../shared/http/service-token.ts'
import { readEnvWithSecrets } from './bootstrap/dotenv.ts'
import { findRoot } from './bootstrap/root.ts'
import { HOSTED, toConfig } from './config.ts'
import { runCommand } from './run-command.ts'
import { StartFault } from './start-fault.ts'

/** Services that take service tokens; the gateway takes API keys. */
const AUDIENCES = HOSTED.filter((name) => name !== 'gateway')
const USAGE = `Usage: make -s token AUDIENCE=sandbox_runner (or ${AUDIENCES.slice(0, -1).join(', ')}).`

/** `node dist/token.mjs --audience=…`: a service token for a person at a terminal, alone on its line; it holds for 5 minutes. */
async function token(say: (line: string) => void): Promise<void> {
  const audience = readAudience()
  const root = findRoot()
  const { serviceSecret } = toConfig(await readEnvWithSecrets(root, process.env), root)
  const claims = { issuer: 'gateway', subject: 'terminal', audience, scopes: ['a2a'], now: () => Date.now() }
  say(await signServiceToken({ secret: serviceSecret, ...claims }))
}

function readAudience(): string {
  const audience = split()
  if (audience === '') throw new StartFault(USAGE)
  if (audience === 'gateway' || audience === 'orchestrator')
    throw new StartFault(`The ${audience} takes API keys, not service tokens: make key NAME=phone.`)
  if (!AUDIENCES.some((name) => name === audience)) throw new StartFault(`There is no such service. ${USAGE}`)
  return audience
}

function split(): string {
  try {
    return parseArgs({ options: { audience: { type: 'string', default: '' } } }).values.audience.trim()
  } catch (cause) {
    throw new StartFault(USAGE, { cause })
  }
}

await runCommand(token)
