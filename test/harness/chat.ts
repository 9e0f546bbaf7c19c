import { readSse } from '../../shared/http/sse-reader.ts'
import type { Deployment } from './deployment.ts'

/** An OpenAI chunk as far as the scenarios look at it. */
export interface Chunk {
  readonly id: string
  readonly model: string
  readonly choices: {
    readonly delta: { readonly role?: string; readonly content?: string }
    readonly finish_reason: string | null
  }[]
  readonly usage?: {
    readonly prompt_tokens: number
    readonly completion_tokens: number
    readonly total_tokens: number
  }
  readonly aether?: {
    readonly seq: number | null
    readonly service: string
    readonly event: { readonly kind: string; readonly [key: string]: unknown }
  }
  readonly error?: { readonly code: string; readonly message: string }
}

export interface Streamed {
  readonly response: Response
  readonly chunks: readonly Chunk[]
  readonly text: string
  readonly events: readonly { readonly kind: string; readonly [key: string]: unknown }[]
  readonly runId: string
  /** The last frame was `[DONE]`. */
  readonly done: boolean
}

export interface Message {
  readonly role: string
  readonly content: unknown
}

/** Asks and reads the stream to its end, with events. */
export async function ask(
  deployment: Pick<Deployment, 'fetch'>,
  question: string | readonly Message[],
  body: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Streamed> {
  const messages = typeof question === 'string' ? [{ role: 'user', content: question }] : question
  const response = await deployment.fetch('/api/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-aether-events': '1', ...headers },
    body: JSON.stringify({ model: 'aether/auto', stream: true, ...body, messages }),
  })
  if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`)
  const chunks: Chunk[] = []
  let done = false
  for await (const { data } of readSse(response.body)) {
    if (data === '[DONE]') done = true
    else chunks.push(JSON.parse(data) as Chunk)
  }
  return {
    response,
    chunks,
    text: chunks.map((chunk) => chunk.choices?.[0]?.delta.content ?? '').join(''),
    events: chunks.flatMap((chunk) => (chunk.aether ? [chunk.aether.event] : [])),
    runId: response.headers.get('x-aether-run-id') ?? '',
    done,
  }
}

/** Reads JSON from the API; a status other than 200 is an error. */
export async function read<T>(deployment: Pick<Deployment, 'fetch'>, path: string): Promise<T> {
  const response = await deployment.fetch(path)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return (await response.json()) as T
}
