import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AgentCard, Role } from '@a2a-js/sdk'
import { ClientFactory, JsonRpcTransportFactory } from '@a2a-js/sdk/client'
import { startChild } from './child.ts'
import { wordsCard } from './sdk-words.ts'

const FOLDER = 'peers/a2a-sdk'

/** Calls an agent that says so many words, and reads them all. */
export type Say = (words: number) => Promise<void>

/** True where the SDK's own server can be measured beside ours; says so where it cannot. */
export function hasSdkServer(): boolean {
  const there = existsSync(join(import.meta.dirname, FOLDER, 'node_modules/@a2a-js/sdk'))
  if (!there) console.log(`  the SDK's own server is missing: npm ci --prefix test/bench/${FOLDER} brings it`)
  return there
}

/**
 * The official SDK on both sides: its server on Express in a process of its own, with its tasks in memory or in the
 * database of a URL, and its client. No authentication.
 */
export async function startSdkServer(databaseUrl?: string): Promise<{ say: Say; stop(): Promise<void> }> {
  const child = await startChild(`${FOLDER}/server.mjs`, databaseUrl === undefined ? [] : [databaseUrl])
  const send = await openClient(child.url)
  return { say: (words) => send(String(words)), stop: () => child.stop() }
}

/** Makes the tables that the SDK's server keeps its tasks in. */
export async function makeSdkTables(databaseUrl: string): Promise<void> {
  const program = join(import.meta.dirname, FOLDER, 'node_modules/@a2a-js/sdk/dist/cli/a2a_db.js')
  await promisify(execFile)(process.execPath, [program, 'upgrade'], {
    cwd: join(import.meta.dirname, FOLDER),
    env: { ...process.env, DATABASE_URL: databaseUrl },
  })
}

/** The SDK's client of a server: sends a text and reads the stream to its end. */
async function openClient(url: string): Promise<(text: string) => Promise<void>> {
  const client = await new ClientFactory({ transports: [new JsonRpcTransportFactory()] }).createFromAgentCard(
    AgentCard.fromJSON(wordsCard(url)),
  )
  return async (text) => {
    const content = { $case: 'text' as const, value: text }
    const parts = [{ content, mediaType: 'text/plain', filename: '', metadata: undefined }]
    const message = {
      messageId: crypto.randomUUID(),
      contextId: '',
      taskId: '',
      role: Role.ROLE_USER,
      parts,
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    }
    const params = { tenant: '', message, configuration: undefined, metadata: undefined }
    for await (const _ of client.sendMessageStream(params));
  }
}
