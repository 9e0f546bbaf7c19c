/** One thing that the fake model does with one request. */
export type FakeStep =
  | {
      readonly kind: 'reply'
      readonly text?: string
      readonly reasoning?: string
      readonly calls?: readonly FakeCall[]
      readonly usage?: FakeUsage | null
      readonly finish?: string
      /** Before each piece; all of them at once without it. */
      readonly paceMs?: number
    }
  /** Answers by what it was asked. */
  | { readonly kind: 'answer'; readonly by: (body: FakeBody) => FakeStep }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: unknown
    }
  | { readonly kind: 'refuse_connection' }
  | { readonly kind: 'hang_before_headers' }
  | { readonly kind: 'hang_before_first_chunk' }
  | { readonly kind: 'hang_mid_stream'; readonly text: string }
  /** Ends without a finish reason. */
  | { readonly kind: 'cut'; readonly text: string }
  | { readonly kind: 'garbage'; readonly text: string }
  | { readonly kind: 'error_mid_stream'; readonly text: string }
  /** Frames as they are, one `data:` line each. */
  | { readonly kind: 'frames'; readonly frames: readonly unknown[] }

export interface FakeCall {
  readonly id?: string
  readonly name: string
  /** JSON text, or whatever a broken model writes. */
  readonly arguments: string
}

export interface FakeUsage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
}

/** What was asked, as far as tests look at it. */
export interface FakeBody {
  readonly model: string
  readonly messages: readonly {
    readonly role: string
    readonly content: string | null
    readonly tool_calls?: readonly unknown[]
    readonly tool_call_id?: string
  }[]
  readonly tools?: readonly { readonly function: { readonly name: string } }[]
  readonly [key: string]: unknown
}

export interface FakeModel {
  fetch(request: Request): Promise<Response>
  /** Bodies of the chat requests so far. */
  readonly requests: readonly FakeBody[]
  readonly headers: readonly Headers[]
  /** Streams whose reader has gone. */
  readonly closed: number
  /** Times that the list of models was read. */
  readonly lists: number
}

/**
 * An OpenAI-compatible model that does what its script says, one step a request; the last step repeats. `models` is its
 * list, or null for a provider that has none.
 */
export function createFakeModel(
  steps: readonly FakeStep[],
  models: readonly string[] | null = ['fake-1'],
): FakeModel {
  const requests: FakeBody[] = []
  const headers: Headers[] = []
  let closed = 0
  let lists = 0
  let step = 0

  async function chat(request: Request): Promise<Response> {
    const body = (await request.json()) as FakeBody
    requests.push(body)
    headers.push(request.headers)
    let now = steps[Math.min(step++, steps.length - 1)]!
    while (now.kind === 'answer') now = now.by(body)
    return perform(now, request.signal, () => closed++)
  }

  return {
    requests,
    headers,
    get closed() {
      return closed
    },
    get lists() {
      return lists
    },
    async fetch(request) {
      const path = new URL(request.url).pathname
      if (request.method === 'POST' && path.endsWith('/chat/completions')) return chat(request)
      lists++
      if (!models) return new Response('not here', { status: 404 })
      return Response.json({
        object: 'list',
        data: models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'fake' })),
      })
    },
  }
}

const chunk = (delta: unknown, finish: string | null = null, usage?: FakeUsage) => ({
  id: 'chatcmpl-fake',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'fake-1',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...(usage ? { usage } : {}),
})
const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

async function perform(
  step: Exclude<FakeStep, { kind: 'answer' }>,
  signal: AbortSignal,
  onClose: () => void,
): Promise<Response> {
  switch (step.kind) {
    case 'status':
      return Response.json(step.body ?? { error: { message: 'secret-detail', type: 'x', code: null } }, {
        status: step.status,
        headers: step.headers ?? {},
      })
    case 'refuse_connection':
      throw new TypeError('fetch failed')
    case 'hang_before_headers':
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    case 'hang_before_first_chunk':
      return sse([], onClose, true)
    case 'hang_mid_stream':
      return sse([data(chunk({ role: 'assistant', content: step.text }))], onClose, true)
    case 'cut':
      return sse([data(chunk({ role: 'assistant', content: step.text }))], onClose)
    case 'garbage':
      return sse([data(chunk({ content: step.text })), 'data: {"choices": [{"del\n\n'], onClose)
    case 'error_mid_stream':
      return sse(
        [
          data(chunk({ content: step.text })),
          data({ error: { message: 'secret-detail', type: 'server_error' } }),
        ],
        onClose,
      )
    case 'frames':
      return sse([...step.frames.map(data), 'data: [DONE]\n\n'], onClose)
    case 'reply':
      return sse(replyFrames(step), onClose, false, step.paceMs)
  }
}

function replyFrames(step: Extract<FakeStep, { kind: 'reply' }>): string[] {
  const calls = step.calls ?? []
  const frames = [data(chunk({ role: 'assistant', content: '' }))]
  if (step.reasoning) frames.push(data(chunk({ reasoning_content: step.reasoning })))
  for (const piece of (step.text ?? '').match(/[\s\S]{1,7}/g) ?? [])
    frames.push(data(chunk({ content: piece })))
  for (const [index, call] of calls.entries()) {
    frames.push(
      data(
        chunk({
          tool_calls: [
            {
              index,
              id: call.id ?? `call_${index}`,
              type: 'function',
              function: { name: call.name, arguments: '' },
            },
          ],
        }),
      ),
    )
    for (const piece of call.arguments.match(/[\s\S]{1,5}/g) ?? [])
      frames.push(data(chunk({ tool_calls: [{ index, function: { arguments: piece } }] })))
  }
  frames.push(data(chunk({}, step.finish ?? (calls.length > 0 ? 'tool_calls' : 'stop'))))
  const usage =
    step.usage === undefined ? { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16 } : step.usage
  if (usage) frames.push(data({ ...chunk({}), choices: [], usage }))
  frames.push('data: [DONE]\n\n')
  return frames
}

function sse(frames: readonly string[], onClose: () => void, hang = false, paceMs?: number): Response {
  const encoder = new TextEncoder()
  let next = 0
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (paceMs !== undefined) await new Promise((resolve) => setTimeout(resolve, paceMs))
      const frame = frames[next++]
      if (frame !== undefined) controller.enqueue(encoder.encode(frame))
      else if (!hang) controller.close()
      else return new Promise(() => {})
    },
    cancel: onClose,
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}
