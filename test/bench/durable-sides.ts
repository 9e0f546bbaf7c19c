import { createPoolFetch } from '../../infrastructure/node/pool-fetch.ts'
import type { Db } from '../../shared/storage/db.ts'
import { startChild } from './child.ts'
import { openDurableAgent } from './durable-agent.ts'
import { openDurableDatabase } from './durable-database.ts'
import { asMany, createAgent, peerOf, readAll } from './echo-agent.ts'
import { hasSdkServer, makeSdkTables, type Say, startSdkServer } from './sdk-server.ts'

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
  const agent = openDurableAgent(db, url, 'bench')
  const pool = createPoolFetch()
  const of = (fetch: Parameters<typeof peerOf>[2], at = 'http://bench.internal') => {
    const peer = peerOf('ds_analysts', at, fetch)
    return (words: number) => readAll(peer, String(words))
  }
  const ours = await startChild('agent-process.ts', [url])
  const withSdk = hasSdkServer()
  if (withSdk) await makeSdkTables(database.tcpUrl)
  const sdkMemory = withSdk ? await startSdkServer() : null
  const sdkDurable = withSdk ? await startSdkServer(database.tcpUrl) : null
  return {
    db,
    url,
    memory: of(createAgent('ds_analysts', asMany)),
    durable: of(agent.fetch),
    durableHttp: of(pool.fetch, ours.url),
    sdkMemory: sdkMemory?.say ?? null,
    sdkDurable: sdkDurable?.say ?? null,
    async close() {
      await pool.close()
      for (const server of [ours, sdkMemory, sdkDurable]) await server?.stop()
      await agent.close()
      await database.close()
    },
  }
}
