import { createServer, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { AT_ONCE, deltaAt, type Manner } from './model-answer.ts'

/** A language model that says what it was told, when it was told; it tells how long it took to its first delta. */
let manner: Manner = AT_ONCE

process.on('message', (next: Manner) => {
  manner = next
  process.send?.('taken')
})
process.on('disconnect', () => process.exit())

const HEAD = { id: 'chatcmpl-bench', created: 1, model: 'bench' }
const USAGE = { usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 } }

const server = createServer(async (request, response) => {
  const start = performance.now()
  if (request.method !== 'POST') {
    answer(response, {
      object: 'list',
      data: [{ id: 'bench', object: 'model', created: 1, owned_by: 'bench' }],
    })
    return
  }
  const { stream } = (await json(request)) as { stream?: boolean }
  if (stream === true) await speak(response, manner, start)
  else answer(response, whole(manner))
})
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address) process.send?.({ url: `http://127.0.0.1:${address.port}` })
})

function answer(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function speak(response: ServerResponse, { firstMs, deltas, paceMs }: Manner, start: number) {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  if (firstMs > 0) await until(performance.now() + firstMs)
  const first = performance.now()
  for (let i = 0; i < deltas; i++) {
    if (i > 0 && paceMs > 0) await until(first + i * paceMs)
    response.write(frame({ choices: [choice({ content: deltaAt(i) })] }))
    if (i === 0 && firstMs > 0) process.send?.({ ms: first - start })
  }
  response.end(
    `${frame({ choices: [choice({}, 'stop')] })}${frame({ choices: [], ...USAGE })}data: [DONE]\n\n`,
  )
}

const choice = (delta: object, finish: string | null = null) => ({ index: 0, delta, finish_reason: finish })

const frame = (chunk: object) =>
  `data: ${JSON.stringify({ ...HEAD, object: 'chat.completion.chunk', ...chunk })}\n\n`

function whole({ deltas }: Manner) {
  const content = Array.from({ length: deltas }, (_, i) => deltaAt(i)).join('')
  const message = { role: 'assistant', content }
  return {
    ...HEAD,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    ...USAGE,
  }
}

/** Waits for an instant, so that what comes late does not make what follows late. */
function until(instant: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, instant - performance.now())))
}
