import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** One export as it came in, its body unpacked. */
export interface OtlpExport {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string
  readonly exports: readonly OtlpExport[]
  /** Answers so from now on: 200 takes an export, others refuse it, `hang` never answers. */
  answer(status: number | 'hang', headers?: Record<string, string>): void
  /** Resolves when so many exports were taken in all. */
  taken(count: number): Promise<void>
  close(): Promise<void>
}

/**
 * A trace server on loopback that keeps what it gets: `POST` on any path, protobuf or JSON, gzip or not, answered by
 * an empty message of the same type, as https://opentelemetry.io/docs/specs/otlp/#otlphttp-response wants it.
 */
export async function createOtlpReceiver(): Promise<OtlpReceiver> {
  const exports: OtlpExport[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  let answer: { status: number | 'hang'; headers: Record<string, string> } = { status: 200, headers: {} }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { status, headers } = answer
      if (status === 'hang') return
      if (request.method !== 'POST') return response.writeHead(405).end()
      const type = request.headers['content-type'] ?? ''
      if (status === 200) {
        const raw = Buffer.concat(chunks)
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
        const flat = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
        exports.push({
          path: request.url ?? '',
          headers: Object.fromEntries(flat),
          body: new Uint8Array(body),
        })
        for (const each of waiting) if (exports.length >= each.count) each.resolve()
      }
      response.writeHead(status, { 'content-type': type, ...headers })
      response.end(type.includes('json') ? '{}' : '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Guarantee: a server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    exports,
    answer(status, headers = {}) {
      answer = { status, headers }
    },
    taken: (count) =>
      new Promise((resolve) => {
        if (exports.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
