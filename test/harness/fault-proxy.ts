import { connect, createServer, type Socket } from 'node:net'

/**
 * What becomes of connections: `none` passes bytes both ways, `refused` resets new ones, `silent` keeps them open and
 * lets nothing through, as a link does whose other end has lost its power, `held` keeps back what the backend answers.
 */
export type LinkFault = 'none' | 'refused' | 'silent' | 'held'

/** A plain balancer on loopback: each connection goes to the next backend that takes it, byte for byte, unless a fault is set. */
export interface FaultProxy {
  readonly url: string
  readonly port: number
  /** Holds for the connections that are open as well. */
  set(fault: LinkFault): void
  /** Resets every open connection. */
  cut(): void
  close(): Promise<void>
}

/** Balances over the ports of this machine. It knows nothing of HTTP, and of a backend only whether it takes connections. */
export async function startFaultProxy(ports: readonly number[]): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  const links = new Set<{ client: Socket; backend: Socket }>()
  let fault: LinkFault = 'none'
  let turn = 0
  const isBlocked = {
    client: () => fault === 'silent',
    backend: () => fault === 'silent' || fault === 'held',
  }
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const pass = (from: Socket, to: Socket, blocked: () => boolean) => {
    from.on('data', (bytes) => {
      if (to.write(bytes)) return
      from.pause()
      to.once('drain', () => {
        if (!blocked()) from.resume()
      })
    })
    from.on('end', () => to.end())
    if (blocked()) from.pause()
  }
  const join = (client: Socket, tries: number): void => {
    const backend = connect({ host: '127.0.0.1', port: ports[turn++ % ports.length] ?? 0 })
    const link = { client, backend }
    let open = false
    backend.once('connect', () => {
      open = true
      links.add(link)
      pass(client, backend, isBlocked.client)
      pass(backend, client, isBlocked.backend)
    })
    backend.on('close', () => {
      links.delete(link)
      if (open || tries <= 1) client.destroy()
      else join(client, tries - 1)
    })
    client.on('close', () => backend.destroy())
    keep(backend)
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(client)
    if (fault === 'refused') client.resetAndDestroy()
    else join(client, ports.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    set(next) {
      fault = next
      for (const { client, backend } of links)
        for (const [socket, blocked] of [
          [client, isBlocked.client()],
          [backend, isBlocked.backend()],
        ] as const)
          if (blocked) socket.pause()
          else socket.resume()
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cut()
      }),
  }
}
