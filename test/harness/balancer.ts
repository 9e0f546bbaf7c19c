import { connect, createServer, type Socket } from 'node:net'

/** A plain balancer on loopback: each connection goes to the next backend that takes it, byte for byte. */
export interface Balancer {
  readonly url: string
  close(): Promise<void>
}

/** Balances over the ports of this machine. It knows nothing of HTTP, and of a backend only whether it takes connections. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>()
  let turn = 0
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const join = (client: Socket, tries: number): void => {
    const backend = connect({ host: '127.0.0.1', port: ports[turn++ % ports.length] ?? 0 })
    let open = false
    backend.once('connect', () => {
      open = true
      client.pipe(backend).pipe(client)
    })
    backend.on('close', () => {
      if (open || tries <= 1) client.destroy()
      else join(client, tries - 1)
    })
    client.on('close', () => backend.destroy())
    keep(backend)
  }
  const server = createServer({ pauseOnConnect: false }, (client) => {
    keep(client)
    join(client, ports.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
