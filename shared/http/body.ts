import type { Context, MiddlewareHandler } from 'hono'
import { AetherError } from '../errors/aether-error.ts'
import type { AppEnv } from './app-env.ts'
import { holdRequest } from './hold-request.ts'

export const DEFAULT_BODY_LIMIT = 1_048_576

/** What of an oversize body is read and thrown away, so that a client still sending gets to read the 413. */
const DRAIN_BYTES = 32 * 1_048_576
const DRAIN_MS = 5_000

async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let bytes = 0
  // Rejects when the client has gone; then there is nothing left to stop.
  const stop = () => void reader.cancel().catch(() => undefined)
  const timer = setTimeout(stop, DRAIN_MS)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      bytes += value.byteLength
      if (bytes > DRAIN_BYTES) return
    }
  } finally {
    clearTimeout(timer)
    stop()
  }
}

function tooLarge(limit: number): AetherError {
  return new AetherError('TOO_LARGE', `The body is larger than ${limit} bytes. Send a smaller request.`)
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > limit) return null
    chunks.push(value)
  }
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.byteLength
  }
  return body
}

/**
 * Refuses a body over `limit` bytes with 413. A declared length is believed only where no transfer coding is
 * (the HTTP server then ends the body there); otherwise the bytes are counted while they are read.
 */
export function limitBody(limit: number): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { method, headers } = c.req.raw
    if (method === 'GET' || method === 'HEAD') return next()
    const declared = headers.has('transfer-encoding') ? null : headers.get('content-length')
    if (declared !== null && Number(declared) <= limit) return next()
    const reader = c.req.raw.body?.getReader()
    if (!reader) return next()
    const body = declared === null ? await collect(reader, limit) : null
    if (body === null) {
      await discard(reader)
      throw tooLarge(limit)
    }
    c.req.raw = holdRequest(c.req.raw.url, { method, headers, body, signal: c.req.raw.signal })
    return next()
  }
}

/** The body as JSON. Throws MALFORMED_JSON for one that does not parse; it checks no shape. */
export async function readJson(c: Context): Promise<unknown> {
  const text = await c.req.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AetherError('MALFORMED_JSON', undefined, { cause })
  }
}
