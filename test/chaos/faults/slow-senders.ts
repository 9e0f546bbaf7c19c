import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../../bench/rounds.ts'
import type { Fault } from '../fault.ts'
import { getText, openMany, rawRequest } from '../sockets.ts'
import { openWorld, type World } from '../world.ts'

const SLOWER = 2
/** The server's limits, with the rhythm in which it looks. */
const HEADERS_MS = 10_000 + 3_000
const REQUEST_MS = 30_000 + 3_000
const PIPELINED = 50
/** A listener's queue holds some hundreds. */
const HANDFUL = { size: 100, pauseMs: 0 }

/** Senders who never get to their end, connections that do nothing, and requests out of bounds. */
export const slowSenders: Fault = {
  id: 'F9',
  title: 'slow headers and bodies, idle connections, pipelining, oversized headers',
  async run({ full, say }) {
    const slow = full ? 200 : 20
    const idle = full ? 5_000 : 200
    const world = await openWorld({ count: 1 })
    const port = Number(new URL(world.team.direct.gateway[0] ?? '').port)
    const violations: string[] = []
    try {
      const calm = await latencies(world, full ? 10_000 : 3_000)
      const idlers = await heard(idle, getText('/health', world.team.key), port)
      const heads = await heard(slow, 'GET /health HTTP/1.1\r\nhost: localhost\r\nx-slow: ', port)
      const bodies = await heard(slow, postHead(world.team.key), port)
      say(`F9: ${idle} idle connections, ${slow} slow headers, ${slow} slow bodies`)
      const dripping = setInterval(() => {
        for (const socket of [...heads, ...bodies]) if (socket.writable) socket.write('a')
      }, 1_000)
      const cut = Promise.all([allCut(heads), allCut(bodies)])
      const [busy, [headsMs, bodiesMs]] = await Promise.all([latencies(world, full ? 60_000 : 35_000), cut])
      clearInterval(dripping)
      const open = idlers.filter((socket) => !socket.destroyed).length
      const piped = await pipelined(port, world.team.key)
      const oversized = await statusOf(
        port,
        `GET /health HTTP/1.1\r\nhost: localhost\r\nx-big: ${'a'.repeat(65_536)}\r\n\r\n`,
      )
      for (const socket of idlers) socket.destroy()
      const ratio = quantile(busy, 0.99) / quantile(calm, 0.99)
      if (headsMs > HEADERS_MS) violations.push(`slow headers were cut only after ${headsMs} ms`)
      if (bodiesMs > REQUEST_MS) violations.push(`slow bodies were cut only after ${bodiesMs} ms`)
      if (piped !== PIPELINED) violations.push(`${piped} of ${PIPELINED} pipelined requests were answered`)
      if (oversized !== '431') violations.push(`oversized headers got ${oversized}`)
      if (ratio > SLOWER) violations.push(`healthy requests took ${ratio.toFixed(2)} × as long`)
      return {
        did: `${idle} idle connections, ${slow} slow headers, ${slow} slow bodies, ${PIPELINED} pipelined requests, headers of 64 KB`,
        saw: `headers cut after ${(headsMs / 1000).toFixed(1)} s, bodies after ${(bodiesMs / 1000).toFixed(1)} s; ${open} idle ones still open; healthy p99 ${ratio.toFixed(2)} × calm (${quantile(busy, 0.99).toFixed(1)} ms); oversized headers ${oversized}`,
        violations,
      }
    } finally {
      await world.close()
    }
  },
}

/** Connections whose end is heard of: what comes is read. */
async function heard(count: number, text: string, port: number): Promise<Socket[]> {
  const sockets = await openMany(count, HANDFUL, () => rawRequest(port, text))
  for (const socket of sockets) socket.resume()
  return sockets
}

function postHead(key: string): string {
  return `POST /api/v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{"model": "`
}

/** Milliseconds until the last of them has been closed by the server. */
async function allCut(sockets: readonly Socket[]): Promise<number> {
  const since = Date.now()
  await Promise.race([
    Promise.all(
      sockets.map((socket) => (socket.destroyed ? null : new Promise((done) => socket.once('close', done)))),
    ),
    sleep(60_000),
  ])
  return Date.now() - since
}

async function latencies({ team }: World, forMs: number): Promise<number[]> {
  const end = Date.now() + forMs
  const seen: number[] = []
  while (Date.now() < end) {
    const since = performance.now()
    await (
      await fetch(`${team.direct.gateway[0]}/api/v1/models`, {
        headers: { authorization: `Bearer ${team.key}` },
      })
    ).text()
    seen.push(performance.now() - since)
    await sleep(10)
  }
  return seen
}

async function pipelined(port: number, key: string): Promise<number> {
  const said = await readFor(port, getText('/health', key).repeat(PIPELINED))
  return said.match(/HTTP\/1\.1 200/g)?.length ?? 0
}

async function statusOf(port: number, text: string): Promise<string> {
  return /HTTP\/1\.1 (\d+)/.exec(await readFor(port, text))?.[1] ?? 'nothing'
}

async function readFor(port: number, text: string): Promise<string> {
  const socket = await rawRequest(port, text)
  let said = ''
  socket.on('data', (bytes) => {
    said += String(bytes)
  })
  socket.resume()
  await sleep(2_000)
  socket.destroy()
  return said
}
