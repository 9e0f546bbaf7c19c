import type { NewId, Now } from '../../domain/ids.ts'
import { AetherError } from '../../errors/aether-error.ts'
import { toHttp } from '../../errors/to-http.ts'
import { answer } from './answer.ts'
import { type CompletionFrame, toChunkFrames, toCompletion } from './completion.ts'
import type { OfflineReply } from './reply.ts'
import { type OfflineRequest, readRequest } from './request.ts'

/** The id under which the offline model is listed and answers. */
export const OFFLINE_MODEL = 'aether-offline'

export interface OfflineModelDeps {
  readonly now: Now
  readonly newId: NewId
}

/**
 * The built-in language model: a fetch handler that speaks chat completions (`POST …/chat/completions`, streamed and
 * not, with tools and usage) and lists itself (`GET …/models`). It works by rules, keeps nothing between calls, reads
 * English, and is the same for the same request.
 */
export function createOfflineModel(deps: OfflineModelDeps): { fetch(request: Request): Promise<Response> } {
  const fault = (error: AetherError) => toHttp(error, deps.newId('req'))

  async function chat(request: Request): Promise<Response> {
    let body: unknown
    try {
      body = await request.json()
    } catch (thrown) {
      return fault(new AetherError('MALFORMED_JSON', undefined, { cause: thrown }))
    }
    const read = readRequest(body)
    if (!read || read.messages.length === 0)
      return fault(
        new AetherError('INVALID_INPUT', 'messages must be a list with at least one message.', {
          details: { param: 'messages' },
        }),
      )
    const frame: CompletionFrame = {
      id: `chatcmpl-${deps.newId('call')}`,
      created: Math.floor(deps.now() / 1000),
      model: OFFLINE_MODEL,
      newCallId: () => deps.newId('call'),
    }
    const reply = answer(read)
    return read.stream ? streamed(read, reply, frame) : Response.json(toCompletion(read, reply, frame))
  }

  return {
    async fetch(request) {
      const path = new URL(request.url).pathname
      if (request.method === 'POST' && path.endsWith('/chat/completions')) return chat(request)
      if (request.method === 'GET' && path.endsWith('/models')) return Response.json(modelList())
      return fault(new AetherError('NOT_FOUND'))
    },
  }
}

function modelList() {
  return { object: 'list', data: [{ id: OFFLINE_MODEL, object: 'model', created: 0, owned_by: 'aether' }] }
}

function streamed(request: OfflineRequest, reply: OfflineReply, frame: CompletionFrame): Response {
  const frames = toChunkFrames(request, reply, frame)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = frames.next()
      if (next.done) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
  })
}
