import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { openSockets } from './sockets.ts'
import type { Seen } from './stalls.ts'

/** The watch of `watchStalls`: in a thread of its own, because a look at so many sockets takes tens of milliseconds. */
const LOOK_MS = 250
/** Who has taken nothing for so long does not read; others have only just got their bytes. */
const STALLED_MS = 2_000
const ESTABLISHED = '01'

const { port, pid } = workerData as { port: number; pid: number }
const queues = new Map<string, { bytes: number; since: number }>()
const cutAfter: number[] = []

setInterval(() => {
  const now = performance.now()
  const open = sendQueues()
  for (const [peer, bytes] of open)
    if (queues.get(peer)?.bytes !== bytes) queues.set(peer, { bytes, since: now })
  for (const [peer, { bytes, since }] of queues)
    if (!open.has(peer)) {
      queues.delete(peer)
      if (bytes > 0 && now - since >= STALLED_MS) cutAfter.push(now - since)
    }
  const waiting = [...queues.values()].filter(({ bytes }) => bytes > 0).length
  const seen: Seen = { cutAfter, waiting, sockets: openSockets(pid) }
  parentPort?.postMessage(seen)
}, LOOK_MS)

/** Bytes that the other end has not taken yet, by its address, of the open connections of the server. */
function sendQueues(): Map<string, number> {
  const ours = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const found = new Map<string, number>()
  for (const table of ['tcp', 'tcp6'])
    for (const line of readFileSync(`/proc/net/${table}`, 'utf8').split('\n')) {
      const [, local, peer, state, queue] = line.trim().split(/\s+/)
      if (local?.endsWith(ours) && peer && state === ESTABLISHED && queue)
        found.set(peer, Number.parseInt(queue, 16))
    }
  return found
}
