import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { AgentCard, Role, TaskState } from '@a2a-js/sdk'
import { ClientFactory, JsonRpcTransportFactory } from '@a2a-js/sdk/client'
import {
  AgentEvent,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
} from '@a2a-js/sdk/server'
import { createWordsExecutor, wordsCard } from './sdk-words.ts'

/**
 * The official SDK on both sides of a hop, on loopback: its client, and its request handler and JSON-RPC transport
 * behind a plain node:http server. (Its own HTTP face needs Express, which only costs more.) No authentication.
 */
export async function startSdkPeer(): Promise<{ call(): Promise<void>; close(): Promise<void> }> {
  const card = AgentCard.fromJSON(wordsCard('http://127.0.0.1'))
  const executor = createWordsExecutor({ AgentEvent, TaskState })
  const transport = new JsonRpcTransportHandler(
    new DefaultRequestHandler(card, new InMemoryTaskStore(), executor),
  )
  const server = createServer(async (request, response) => {
    const context = new ServerCallContext({ requestedVersion: '1.0' })
    const result = await transport.handle(JSON.parse(await text(request)), context)
    if (!(Symbol.asyncIterator in result)) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for await (const event of result) response.write(`data: ${JSON.stringify(event)}\n\n`)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const client = await openSdkClient(`http://127.0.0.1:${port}`)
  return {
    call: () => client('hi'),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The SDK's client of a server: sends a text and reads the stream to its end. */
export async function openSdkClient(url: string): Promise<(text: string) => Promise<void>> {
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
