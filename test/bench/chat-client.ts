import { Pool } from 'undici'

/** Where chat completions are asked for, and as what. */
export interface ChatTarget {
  readonly name: string
  readonly url: string
  readonly path: string
  readonly model: string
  /** Taken in turn: a key may have ten runs at a time. */
  readonly keys: readonly string[]
}

/** A stream as its reader saw it; instants by `performance.now()`. */
export interface SeenStream {
  readonly start: number
  /** When each frame with text came. */
  readonly at: readonly number[]
  readonly text: string
  /** Its last frame was the end marker. A stream that was refused has none. */
  readonly done: boolean
}

/** Milliseconds between the frames of a stream. */
export function gapsOf({ at }: SeenStream): number[] {
  return at.slice(1).map((instant, i) => instant - (at[i] ?? instant))
}

interface Whole {
  readonly choices: readonly { readonly message: { readonly content: string } }[]
}

/** A client over kept-alive connections that costs little itself. */
export interface ChatClient {
  readonly name: string
  /** Asks for a whole answer; throws unless there is one. */
  ask(): Promise<void>
  /** Asks for a stream and reads it to its end. */
  stream(): Promise<SeenStream>
  close(): Promise<void>
}

/** All that it ever asks. */
export const SAY_SOMETHING = 'Say something.'

/** Opens a client of one target. */
export function openChatClient({ name, url, path, model, keys }: ChatTarget): ChatClient {
  const pool = new Pool(url)
  const bodyOf = (stream: boolean) =>
    JSON.stringify({ model, stream, messages: [{ role: 'user', content: SAY_SOMETHING }] })
  const bodies = { whole: bodyOf(false), streamed: bodyOf(true) }
  let turn = 0
  const post = async (body: string) => {
    const key = keys[turn++ % keys.length]
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
    const { statusCode, body: answer } = await pool.request({ path, method: 'POST', headers, body })
    if (statusCode === 200) return answer
    await answer.dump()
    return null
  }
  return {
    name,
    async ask() {
      const answer = (await (await post(bodies.whole))?.json()) as Whole | undefined
      if (!answer?.choices[0]?.message.content) throw new Error(`${name}: no answer`)
    },
    async stream() {
      const start = performance.now()
      const at: number[] = []
      let text = ''
      let rest = ''
      let done = false
      for await (const bytes of (await post(bodies.streamed)) ?? []) {
        const frames = (rest + String(bytes)).split('\n\n')
        rest = frames.pop() ?? ''
        for (const frame of frames) {
          done = frame === 'data: [DONE]'
          const content = done ? '' : contentOf(frame)
          if (content === '') continue
          at.push(performance.now())
          text += content
        }
      }
      return { start, at, text, done }
    },
    close: () => pool.close(),
  }
}

function contentOf(frame: string): string {
  if (!frame.startsWith('data: ')) return '' // a heartbeat
  const { choices } = JSON.parse(frame.slice('data: '.length)) as {
    choices?: { delta: { content?: string } }[]
  }
  return choices?.[0]?.delta.content ?? ''
}
