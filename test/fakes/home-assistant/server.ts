import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { ADMIN_COMMANDS, COMMANDS, CommandError, compressed } from './commands.ts'
import { type Faults, huge, noFaults } from './faults.ts'
import type { FakeWorld } from './world.ts'

export interface FakeOptions {
  readonly world: FakeWorld
  /** PEM of key and certificate: then it speaks https. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Lives below this path, as behind a proxy. */
  readonly path?: string
  /** Makes each answer once, so that a bench measures its reader. The world must not change then. */
  readonly remembers?: boolean
}

/** A Home Assistant on loopback: WebSocket and REST, with everything that it was sent in a log. */
export interface FakeHomeAssistant {
  readonly url: string
  readonly token: string
  readonly world: FakeWorld
  readonly faults: Faults
  /** Types of all messages and `METHOD path` of all requests that came in, oldest first. */
  readonly received: string[]
  /** How many sockets are let in at this moment. */
  readonly connections: number
  /** Changes a state and tells the subscribers. */
  setState(id: string, state: string, attributes?: Record<string, unknown>): void
  /** Sends an event of the given kind to those who listen to it. */
  fire(event: string): void
  /** Ends all connections without a word, as a killed process does. */
  drop(): void
  /** Stops listening and drops everything; `start` brings it back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
}

const TOKEN = 'fake-long-lived-token'

interface Client {
  readonly socket: WebSocket
  readonly states: Set<number>
  readonly events: Map<number, string>
}

export async function startFakeHomeAssistant(options: FakeOptions): Promise<FakeHomeAssistant> {
  const { world, tls, path = '' } = options
  const faults = noFaults()
  const received: string[] = []
  const remembered = new Map<string, string>()
  const clients = new Set<Client>()
  const sockets = new Set<Socket>()
  let port = 0
  let server: Server | null = null

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? ''
    received.push(`${request.method} ${url}`)
    const end = (status: number, type = 'application/json', body = '{}') =>
      setTimeout(() => {
        response.writeHead(status, { 'content-type': type })
        response.end(body)
      }, faults.delayMs)
    if (!url.startsWith(path)) return void end(404)
    const asked = url.slice(path.length)
    if (faults.silent.has(asked)) return
    if (faults.broken.has(asked)) return void end(500)
    if (asked === '/manifest.json') return void end(200, undefined, '{"name":"Home Assistant"}')
    // The frontend has pages of its own for many paths, and answers them all alike.
    if (asked.startsWith('/lovelace')) return void end(200, 'text/html', '<title>Home Assistant</title>')
    if (faults.refuseToken || request.headers.authorization !== `Bearer ${TOKEN}`) return void end(401)
    if (faults.plainUser) return void end(401)
    if (asked === '/api/error_log')
      return void (world.errorLog === null
        ? end(404)
        : end(
            200,
            'application/octet-stream',
            faults.huge.has(asked) ? 'x'.repeat(20_000_000) : world.errorLog,
          ))
    const id = /^\/api\/config\/automation\/config\/(\w+)$/.exec(asked)?.[1]
    const config = [...world.automations.values()].find((each) => each.id === id)
    if (config) return void end(200, undefined, JSON.stringify(config))
    end(404)
  }

  function onSocket(socket: WebSocket): void {
    const client: Client = { socket, states: new Set(), events: new Map() }
    const send = (message: unknown) => socket.send(JSON.stringify(message))
    send({ type: 'auth_required', ha_version: world.config.version })
    socket.on('error', () => {})
    socket.on('close', () => clients.delete(client))
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { id: number; type: string; access_token?: string }
      received.push(message.type)
      if (message.type === 'auth') {
        if (faults.refuseToken || message.access_token !== TOKEN) {
          send({ type: 'auth_invalid', message: 'Invalid access token or password' })
          return socket.close()
        }
        clients.add(client)
        return send({ type: 'auth_ok', ha_version: world.config.version })
      }
      setTimeout(() => answer(client, message), faults.delayMs)
    })
  }

  function answer(client: Client, message: { id: number; type: string; event_type?: string }): unknown {
    const { id, type } = message
    const send = (body: Record<string, unknown>) => client.socket.send(JSON.stringify({ id, ...body }))
    if (faults.silent.has(type)) return
    if (faults.garbled.has(type)) return client.socket.send('{"id": 1, "type": nonsense')
    if (faults.huge.has(type)) return client.socket.send(huge(id))
    if (faults.cut.has(type)) {
      client.socket.send(JSON.stringify({ id, type: 'result' }).slice(0, 12), { fin: false })
      return client.socket.terminate()
    }
    try {
      if (faults.unknown.has(type)) throw new CommandError('unknown_command')
      if (faults.plainUser && ADMIN_COMMANDS.has(type)) throw new CommandError('unauthorized')
      if (type === 'auth/current_user')
        return send({
          type: 'result',
          success: true,
          result: { id: 'u', name: 'Aether', is_admin: !faults.plainUser },
        })
      if (type === 'subscribe_events') {
        client.events.set(id, String(message.event_type))
        return send({ type: 'result', success: true, result: null })
      }
      if (type === 'subscribe_entities') {
        client.states.add(id)
        send({ type: 'result', success: true, result: null })
        const all = [...world.states].map(([entity, state]) => [entity, compressed(state)])
        return send({ type: 'event', event: { a: Object.fromEntries(all) } })
      }
      const command = COMMANDS[type]
      if (!command) throw new CommandError('unknown_command')
      client.socket.send(`{"id":${id},"type":"result","success":true,"result":${resultOf(command, message)}}`)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      send({ type: 'result', success: false, error: { code: error.code, message: 'No.' } })
    }
  }

  function resultOf(command: (typeof COMMANDS)[string], message: { id: number }): string {
    const key = options.remembers ? JSON.stringify({ ...message, id: 0 }) : ''
    const known = remembered.get(key)
    if (known !== undefined) return known
    const text = JSON.stringify(command(world, message as never))
    if (options.remembers) remembered.set(key, text)
    return text
  }

  async function start(): Promise<void> {
    const http = tls ? createHttps(tls, onRequest) : createHttp(onRequest)
    const webSockets = new WebSocketServer({ server: http, path: `${path}/api/websocket` })
    webSockets.on('connection', onSocket)
    webSockets.on('error', () => {})
    http.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    http.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
    port = (http.address() as AddressInfo).port
    server = http
  }

  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }

  await start()
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}${path}`,
    token: TOKEN,
    world,
    faults,
    received,
    get connections() {
      return clients.size
    },
    setState(id, state, attributes) {
      const now = Date.now()
      const before = world.states.get(id)
      const next = { state, attributes: attributes ?? before?.attributes ?? {}, changedAt: now }
      world.states.set(id, { ...next, changes: [...(before?.changes ?? []), { state, at: now }] })
      const event = before
        ? { c: { [id]: { '+': { s: state, lc: now / 1000, ...(attributes ? { a: attributes } : {}) } } } }
        : { a: { [id]: compressed(next) } }
      for (const { socket, states } of clients)
        for (const subscription of states)
          socket.send(JSON.stringify({ id: subscription, type: 'event', event }))
    },
    fire(event) {
      for (const { socket, events } of clients)
        for (const [id, type] of events)
          if (type === event)
            socket.send(JSON.stringify({ id, type: 'event', event: { event_type: event, data: {} } }))
    },
    drop,
    async stop() {
      const http = server
      server = null
      if (!http) return
      const closed = new Promise((resolve) => http.close(resolve))
      drop()
      await closed
    },
    start,
  }
}
