import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A raw connection that sends this text at once and reads nothing by itself. */
export function rawRequest(port: number, text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // It takes no more from the kernel than it is read: who reads a byte has read a byte.
    const socket = connect({ host: '127.0.0.1', port, ...{ readableHighWaterMark: 1 } })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      socket.pause()
      socket.write(text)
      resolve(socket)
    })
  })
}

/** Reads a chunked answer to its end, keeps none of it, and lets the connection go. */
export function readWhole(socket: Socket): Promise<void> {
  let end = ''
  return new Promise((resolve) => {
    socket.on('close', () => resolve())
    socket.on('data', (bytes: Buffer) => {
      end = (end + bytes.toString('latin1', Math.max(0, bytes.length - LAST_CHUNK.length))).slice(
        -LAST_CHUNK.length,
      )
      if (end === LAST_CHUNK) socket.destroy()
    })
    socket.resume()
  })
}

const LAST_CHUNK = '\r\n0\r\n\r\n'

/** Opens so many connections, a handful at a time with a pause after each. */
export async function openMany(
  count: number,
  { size, pauseMs }: { readonly size: number; readonly pauseMs: number },
  open: () => Promise<Socket>,
): Promise<Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const handful = Array.from({ length: Math.min(size, count - sockets.length) }, open)
    sockets.push(...(await Promise.all(handful)))
    await sleep(pauseMs)
  }
  return sockets
}

/** The request line and headers of a GET. */
export function getText(path: string, key: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\n\r\n`
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kb ?? 0) / 1024
}

/** Sockets that a process has open, its listening one included. */
export function openSockets(pid: number): number {
  const folder = `/proc/${pid}/fd`
  let count = 0
  for (const fd of readdirSync(folder))
    try {
      if (readlinkSync(`${folder}/${fd}`).startsWith('socket:')) count++
    } catch {
      // closed between the two looks
    }
  return count
}
