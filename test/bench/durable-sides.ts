import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createPoolFetch } from '../../infrastructure/node/pool-fetch.ts'
import type { Db } from '../../shared/storage/db.ts'
import { type Child, startChild } from './child.ts'
import { openDurableAgent } from './durable-agent.ts'
import { openDurableDatabase } from './durable-database.ts'
import { asMany, createAgent, peerOf, readAll } from './echo-agent.ts'
import { openSdkClient } from './sdk-peer.ts'

const PEER = 'peers/a2a-sdk'

/** Calls an agent that says so many words, and reads them all. */
export type Say = (words: number) => Promise<void>

/** Ways to one agent, ours and the official SDK's, on one Postgres that waits for its disk. */
export interface DurableSides {
  readonly db: Db
  readonly url: string
  readonly memory: Say
  readonly durable: Say
  /** Over a socket, with the server in a process of its own; the SDK's are null where its folder is not installed. */
  readonly durableHttp: Say
  readonly sdkMemory: Say | null
  readonly sdkDurable: Say | null
  close(): Promise<void>
}

/** Opens them; servers of both sides have ten connections to the same database, and only ours asks for a token. */
export async function openDurableSides(): Promise<DurableSides> {
  const database = await openDurableDatabase()
  const { db, url } = database
  const children: Child[] = []
  const start = async (file: string, args: readonly string[]) => {
    const child = await startChild(file, args)
    children.push(child)
    return child.url
  }
  const agent = openDurableAgent(db, url, 'bench')
  const pool = createPoolFetch()
  const of = (fetch: Parameters<typeof peerOf>[2], at = 'http://bench.internal') => {
    const peer = peerOf('ds_analysts', at, fetch)
    return (words: number) => readAll(peer, String(words))
  }
  const ours = await start('agent-process.ts', [url])
  const sdk = isInstalled()
  if (sdk) await makeTables(database.tcpUrl)
  const sdkAt = async (args: readonly string[]): Promise<Say> => {
    const say = await openSdkClient(await start(`${PEER}/server.mjs`, args))
    return (words) => say(String(words))
  }
  return {
    db,
    url,
    memory: of(createAgent('ds_analysts', asMany)),
    durable: of(agent.fetch),
    durableHttp: of(pool.fetch, ours),
    sdkMemory: sdk ? await sdkAt([]) : null,
    sdkDurable: sdk ? await sdkAt([database.tcpUrl]) : null,
    async close() {
      await pool.close()
      for (const child of children) await child.stop()
      await agent.close()
      await database.close()
    },
  }
}

function isInstalled(): boolean {
  const there = existsSync(join(import.meta.dirname, PEER, 'node_modules/@a2a-js/sdk'))
  if (!there) console.log(`  the SDK's own server is missing: npm ci --prefix test/bench/${PEER} brings it`)
  return there
}

async function makeTables(url: string): Promise<void> {
  const program = join(import.meta.dirname, PEER, 'node_modules/@a2a-js/sdk/dist/cli/a2a_db.js')
  await promisify(execFile)(process.execPath, [program, 'upgrade'], {
    cwd: join(import.meta.dirname, PEER),
    env: { ...process.env, DATABASE_URL: url },
  })
}
