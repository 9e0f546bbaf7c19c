import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../infrastructure/node/postgres/server-process.ts'
import { createApiKey } from '../../shared/storage/api-keys/create-api-key.ts'
import { layOut } from '../harness/installation.ts'
import { startProgram } from '../harness/program.ts'
import { type ChatClient, openChatClient } from './chat-client.ts'
import { startChild } from './child.ts'
import { openDurableDatabase } from './durable-database.ts'
import { newId } from './echo-agent.ts'
import { type BenchModel, startModel } from './model.ts'

const START_MS = 60_000

/** A model and the ways to it. */
export interface Ways {
  readonly model: BenchModel
  readonly direct: ChatClient
  readonly raw: ChatClient
  readonly stack: ChatClient
  readonly utility: ChatClient
  readonly architect: ChatClient
  close(): Promise<void>
}

/**
 * Starts the model, a raw proxy, the bare stack of a gateway and Aether as `make run` has it, on a Postgres that waits
 * for its disk, each in a process of its own. Two ways lead through Aether: a background task (`aether/utility`), which
 * the gateway answers by the model alone (key, checks, model client, usage stored before the end), and a turn of the
 * architect's, which is durable before it begins (conversation, message, run, claim, events, answer) and goes over one
 * A2A hop in process. Clients of Aether use so many keys in turn, each of which may have ten runs at a time.
 */
export async function openWays(options: { readonly keys: number }): Promise<Ways> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const each of closers.toReversed()) await each()
  }
  try {
    const model = await startModel()
    closers.push(model.stop)
    const raw = await startChild('raw-proxy-process.ts', [model.url])
    closers.push(raw.stop)
    const stack = await startChild('stack-gateway-process.ts', [model.url])
    closers.push(stack.stop)
    const aether = await startAether(model.url, options.keys)
    closers.push(aether.stop)
    const open = (name: string, url: string, path: string, agent: string, keys: readonly string[]) => {
      const client = openChatClient({ name, url, path, model: agent, keys })
      closers.push(client.close)
      return client
    }
    const [path, own] = ['/v1/chat/completions', '/api/v1/chat/completions']
    return {
      model,
      direct: open('the model itself', model.url, path, 'bench', ['none']),
      raw: open('raw proxy', raw.url, path, 'bench', ['none']),
      stack: open('bare stack', stack.url, path, 'bench', ['none']),
      utility: open('gateway, model alone', aether.url, own, 'aether/utility', aether.keys),
      architect: open('gateway, durable, architect', aether.url, own, 'aether/architect', aether.keys),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function startAether(modelUrl: string, count: number) {
  const database = await openDurableDatabase()
  const root = mkdtempSync(join(tmpdir(), 'aether-'))
  chmodSync(root, 0o755)
  await layOut(root)
  const program = startProgram(root, 'main', {
    HOME: root,
    PORT: '0',
    API_KEY: newId('key'),
    SERVICE_SECRET: newId('key'),
    DATABASE_URL: database.url,
    DATA_DIR: join(root, 'data'),
    RUNSC_PATH: '/nowhere/runsc', // sandboxes that get ready would share the cores
    LLM_BASE_URL: `${modelUrl}/v1`,
    LLM_API_KEY: 'none',
    LLM_MODEL: 'bench',
  })
  const stop = async () => {
    program.child.kill('SIGTERM')
    await program.ended
    await database.close()
    rmSync(root, { recursive: true, force: true })
  }
  const ready = () => / is ready at (http[^\s.]+\S*?)\.?\s/.exec(program.output())?.[1]
  await until(() => ready() !== undefined || program.child.exitCode !== null, START_MS)
  const url = ready()
  if (url === undefined) {
    const said = program.output()
    await stop()
    throw new Error(`it did not start: ${said}`)
  }
  const keys: string[] = []
  for (let i = 0; i < count; i++) {
    const { secret } = await createApiKey(database.db, {
      id: newId('key'),
      name: `bench ${i}`,
      scopes: ['*'],
    })
    keys.push(secret)
  }
  return { url, keys, stop }
}
