import { type Server as HttpServer, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import type { Log } from '../../shared/config/log.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { errorCode, StartFault } from './start-fault.ts'

export interface ServerOptions {
  readonly fetch: Fetch
  readonly host: string
  /** Told of each request, with the address at the other end of its connection. */
  readonly onRequest?: (request: Request, address: string | null) => void
  /** 0 takes any free one. */
  readonly port: number
  readonly log: Log
  /** Stops taking work, and gives what runs so many milliseconds to end. */
  readonly drain: (graceMs: number) => Promise<unknown>
}

export interface Server {
  /** As a client on this machine reaches it, without a trailing slash. */
  readonly url: string
  readonly port: number
  /** Drains, takes no new connections, closes what is left. Safe to repeat. */
  stop(): Promise<void>
}

/** Peers keep links open for less; the platform's own 5 s resets idle ones under them. */
const KEEP_ALIVE_MS = 65_000
/** Who sends slower than this is cut: headers, then the whole request. Looked at every few seconds. */
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000
const LOOK_MS = 2_000
/** What a connection holds for a reader who does not read; the platform's own is four times that. */
const BUFFER = 16_384
const GRACE_MS = 10_000
/** For the last bytes of streams whose run has just ended. */
const LAST_BYTES_MS = 1_000
const SWEEP_MS = 10

/** Serves a fetch handler on a socket. Throws StartFault when it cannot listen there. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const server = toHttpServer(
    createAdaptorServer({
      fetch: (request, env) => {
        options.onRequest?.(request, 'incoming' in env ? (env.incoming.socket.remoteAddress ?? null) : null)
        if (env.outgoing instanceof ServerResponse) flushLate(env.outgoing)
        return options.fetch(request)
      },
      serverOptions: {
        keepAliveTimeout: KEEP_ALIVE_MS,
        headersTimeout: HEADERS_MS,
        requestTimeout: REQUEST_MS,
        connectionsCheckingInterval: LOOK_MS,
        highWaterMark: BUFFER,
      },
    }),
  )
  const port = await listen(server, options)
  server.on('error', (error) => options.log.error('the server has a fault', { error }))
  let stopping: Promise<void> | null = null
  return {
    port,
    url: `http://${urlHost(options.host)}:${port}`,
    stop: () => {
      stopping ??= stop(server, options)
      return stopping
    },
  }
}

/**
 * The adaptor sends the headers of a stream by themselves. What the stream has to say at once goes with them here, in
 * one packet; where it has nothing yet, they still go now.
 */
function flushLate(outgoing: ServerResponse): void {
  const flush = outgoing.flushHeaders.bind(outgoing)
  outgoing.flushHeaders = () =>
    process.nextTick(() => {
      if (outgoing.writable && !outgoing.writableEnded) flush()
    })
}

/** The adaptor makes a plain HTTP/1 server unless it is given another factory. */
function toHttpServer(server: ReturnType<typeof createAdaptorServer>): HttpServer {
  return server as HttpServer
}

function listen(server: HttpServer, { host, port }: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new StartFault(listenFault(error, host, port), { cause: error }))
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function listenFault(error: Error, host: string, port: number): string {
  const code = errorCode(error)
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken. Stop what listens there, or choose another with PORT.`
  if (code === 'EACCES')
    return `Port ${port} needs more rights than this user has. Choose one above 1023 with PORT.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'HOST names no address of this machine. 127.0.0.1 and 0.0.0.0 always do.'
  return `The server cannot listen on port ${port}: ${code ?? error.message}`
}

/** The host as a URL of this machine has it: wild-card addresses are reached on the loopback interface. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** Clients that come while it drains are told so, instead of finding nobody there. */
async function stop(server: HttpServer, options: ServerOptions): Promise<void> {
  try {
    await options.drain(GRACE_MS)
  } finally {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    await Promise.race([closed, sleep(LAST_BYTES_MS, undefined, { ref: false })])
    clearInterval(sweep)
    server.closeAllConnections()
    await closed
  }
}
