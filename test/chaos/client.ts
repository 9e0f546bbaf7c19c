import { readSse } from '../../shared/http/sse-reader.ts'
import type { Replicas } from '../harness/replicas.ts'
import { questionOf } from './model.ts'

/** One request as its client saw it. */
export interface Asked {
  readonly tag: string
  /** Epoch ms. */
  readonly at: number
  /** HTTP status; null where nobody answered. */
  status: number | null
  /** Milliseconds to the headers, or to the failure. */
  ms: number
  runId: string | null
  text: string
  /** Code of the error that ended the stream, or of the refusal. */
  error: string | null
  /** The end marker came. */
  done: boolean
}

export interface AskOptions {
  readonly url?: string
  readonly onRun?: (id: string) => void
}

let count = 0
/** Names a question; no two are alike. */
export function newTag(): string {
  return `t${process.pid.toString(36)}-${++count}`
}

/** Asks and reads to the end, or until the connection breaks: never throws. The tag is the Idempotency-Key too. */
export async function ask(team: Replicas, tag: string, options: AskOptions = {}): Promise<Asked> {
  const at = Date.now()
  const asked: Asked = { tag, at, status: null, ms: 0, runId: null, text: '', error: null, done: false }
  try {
    const response = await team.fetch(`${options.url ?? ''}/api/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': tag },
      body: JSON.stringify({
        model: 'aether/auto',
        stream: true,
        messages: [{ role: 'user', content: questionOf(tag) }],
      }),
    })
    asked.ms = Date.now() - at
    asked.status = response.status
    asked.runId = response.headers.get('x-aether-run-id')
    if (asked.runId !== null) options.onRun?.(asked.runId)
    if (response.ok && response.body) await readAnswer(response.body, asked)
    else asked.error = codeOf(await response.json())
  } catch {
    asked.ms ||= Date.now() - at
  }
  return asked
}

async function readAnswer(body: ReadableStream<Uint8Array>, asked: Asked): Promise<void> {
  for await (const { data } of readSse(body)) {
    if (data === '[DONE]') asked.done = true
    else {
      const chunk = JSON.parse(data) as { choices?: { delta: { content?: string } }[] }
      asked.error ??= codeOf(chunk)
      asked.text += chunk.choices?.[0]?.delta.content ?? ''
    }
  }
}

function codeOf(body: unknown): string | null {
  return (body as { error?: { code?: string } }).error?.code ?? null
}
