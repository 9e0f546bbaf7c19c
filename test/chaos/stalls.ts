import { Worker } from 'node:worker_threads'

/** What is seen of a server's connections. */
export interface Seen {
  /** Milliseconds from the last byte that a reader's end took to the cut, of each that has been cut. */
  readonly cutAfter: readonly number[]
  /** Connections whose other end has bytes to take. */
  readonly waiting: number
  /** Sockets that the process has open. */
  readonly sockets: number
}

/** Watches the kernel's send queues of a server: how long each connection stays open whose queue does not move. */
export function watchStalls(port: number, pid: number): { latest(): Seen; stop(): Promise<unknown> } {
  let latest: Seen = { cutAfter: [], waiting: 0, sockets: 0 }
  const worker = new Worker(new URL('stall-watch.ts', import.meta.url), { workerData: { port, pid } })
  worker.on('message', (seen: Seen) => {
    latest = seen
  })
  return { latest: () => latest, stop: () => worker.terminate() }
}
