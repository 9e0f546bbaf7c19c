import { Hono } from 'hono'
import { OpenAI } from 'openai/client'
import { DONE } from '../../functions/gateway/chat/chunks.ts'
import { createPoolFetch } from '../../infrastructure/node/pool-fetch.ts'
import { dataFrame, sseResponse } from '../../shared/http/sse-writer.ts'
import { serveFetch } from '../harness/serve-fetch.ts'

/**
 * What a gateway's stack costs without a gateway: Hono on our host, the provider's package over our pool, its chunks
 * written out again. No key, no check, nothing stored, measured or traced.
 */
const pool = createPoolFetch()
const client = new OpenAI({
  baseURL: `${process.argv[2]}/v1`,
  apiKey: 'none',
  maxRetries: 0,
  fetch: (url, init) => pool.fetch(new Request(String(url), init)),
})
process.on('disconnect', () => process.exit())

async function* frames(chunks: AsyncIterable<unknown>) {
  for await (const chunk of chunks) yield dataFrame(JSON.stringify(chunk))
  yield DONE
}

const app = new Hono().post('/v1/chat/completions', async (c) => {
  const body = await c.req.json<OpenAI.Chat.ChatCompletionCreateParams>()
  const chunks = await client.chat.completions.create({ ...body, stream: true })
  if (body.stream) return sseResponse(frames(chunks))
  let content = ''
  for await (const chunk of chunks) content += chunk.choices[0]?.delta.content ?? ''
  return c.json({ choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] })
})
const { url } = await serveFetch(async (request) => app.fetch(request))
process.send?.({ url })
