import type { Env } from '../../shared/config/env.ts'
import { curl } from '../node/banner.ts'
import { readEnv, readEnvWithSecrets } from '../node/bootstrap/dotenv.ts'
import { findRoot } from '../node/bootstrap/root.ts'
import { runCommand } from '../node/run-command.ts'
import { StartFault } from '../node/start-fault.ts'
import { tryPort } from '../node/try-port.ts'
import { toContainerEnv } from './container-env.ts'
import { removeContainers } from './down.ts'
import { type Engine, findEngine } from './engine.ts'
import { lastWords } from './last-words.ts'
import { type Ask, createAsk, show } from './shell.ts'
import { buildCommand, CONTAINERS, composeArgs, type Deployment, IMAGES, publishedOf } from './stack.ts'
import { describeServices } from './table.ts'
import { waitUntilReady } from './wait.ts'

const USAGE = 'Usage: node infrastructure/podman/cli.ts build | distributed | prod | down | logs'

// The containers behind make build-services, run-distributed, run-prod, down and logs.
await runCommand(async (say) => {
  const root = findRoot()
  process.chdir(root)
  const env = toContainerEnv(root, readEnv(root, process.env))
  const ask = createAsk(env)
  switch (process.argv[2]) {
    case 'build':
      return build(findEngine(ask), env)
    case 'distributed':
    case 'prod':
      return up(process.argv[2], { root, env, ask, say })
    case 'down':
      return removeContainers(ask, say)
    case 'logs':
      return logs(findEngine(ask), env, ask)
    default:
      throw new StartFault(USAGE)
  }
})

async function build(engine: Engine, env: Env): Promise<void> {
  const extra = (env.AETHER_BUILD_ARGS ?? '').split(/\s+/).filter((word) => word !== '')
  for (const image of IMAGES) await must(buildCommand(engine.build, image, extra), env)
}

async function up(
  deployment: Deployment,
  { root, env: given, ask, say }: { root: string; env: Env; ask: Ask; say: (line: string) => void },
): Promise<void> {
  const engine = findEngine(ask)
  // Containers read .env, so that is where their secrets must stand, whatever the shell holds.
  const secrets = await readEnvWithSecrets(root, {}, ['POSTGRES_PASSWORD'])
  const { API_KEY, SERVICE_SECRET, POSTGRES_PASSWORD } = secrets
  const env: Env = { ...given, API_KEY, SERVICE_SECRET, POSTGRES_PASSWORD }
  requireImages(engine, ask)
  await requirePorts(deployment, env.HOST ?? '127.0.0.1', engine, ask)
  const command = [...engine.compose, ...composeArgs(deployment, engine.build)]
  await must([...command, 'up', '--detach', '--no-build', '--remove-orphans'], env, () =>
    lastWords(engine.build, ask),
  )
  const services = publishedOf(deployment)
  await waitUntilReady(services, { fetch, say, now: Date.now })
  const gateway = services[0]?.url ?? ''
  say(await describeServices(services, { fetch, key: API_KEY ?? '' }))
  say(
    `\nAsk it something (the key is API_KEY in .env):\n\n${curl(gateway, API_KEY ?? '')}\n\nmake down ends it.`,
  )
}

async function logs(engine: Engine, env: Env, ask: Ask): Promise<void> {
  const distributed = ask([engine.build, 'container', 'inspect', 'aether-architect']).ok
  const args = composeArgs(distributed ? 'distributed' : 'prod', engine.build)
  await must([...engine.compose, ...args, 'logs', '--follow', '--tail', '100'], env)
}

function requireImages({ build }: Engine, ask: Ask): void {
  const missing = IMAGES.filter(({ name }) => !ask([build, 'image', 'inspect', `${name}:latest`]).ok)
  if (missing.length > 0)
    throw new StartFault(
      `Not built yet: ${missing.map(({ name }) => name).join(', ')}. Run make build-services.`,
    )
}

/** A port that somebody else holds is told before anything is begun; our own containers may hold theirs. */
async function requirePorts(deployment: Deployment, host: string, engine: Engine, ask: Ask): Promise<void> {
  const running = ask([engine.build, 'ps', '--format', '{{.Names}}']).out.split('\n')
  if (CONTAINERS.some((name) => running.includes(name))) return
  const faults: string[] = []
  for (const { name, url } of publishedOf(deployment)) {
    const port = Number(new URL(url).port)
    const code = await tryPort(port, name === 'gateway' ? host : '127.0.0.1')
    if (code !== null)
      faults.push(
        `Port ${port} (${name}) ${code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${code})`}.`,
      )
  }
  if (faults.length > 0)
    throw new StartFault([...faults, 'Stop what listens there and try again.'].join('\n'))
}

/** `reasons`: what is known about a failure beside its exit code. */
async function must(
  command: readonly string[],
  env: Env,
  reasons: () => readonly string[] = () => [],
): Promise<void> {
  const code = await show(command, env)
  if (code !== 0)
    throw new StartFault([`It failed (exit code ${code}): ${command.join(' ')}`, ...reasons()].join('\n'))
}
