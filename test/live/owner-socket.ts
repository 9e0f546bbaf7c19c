/** What Home Assistant answers to a command. */
interface Answer {
  readonly id?: number
  readonly type: string
  readonly success?: boolean
  readonly result?: unknown
  readonly error?: { readonly code: string; readonly message: string }
}

/** The owner's own connection: unlike Aether's it may change things, for that is how the home is furnished. */
export interface OwnerSocket {
  /** Rejects with Home Assistant's own words where it refuses. */
  call(message: { readonly type: string; readonly [key: string]: unknown }): Promise<unknown>
  close(): void
}

const ANSWER_MS = 30_000

/** Connects with an access token. */
export async function openOwnerSocket(url: string, token: string): Promise<OwnerSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/websocket`)
  const waiting = new Map<number, (answer: Answer) => void>()
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error(`no WebSocket at ${url}`))
    socket.onmessage = ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer
      if (answer.type === 'auth_required') socket.send(JSON.stringify({ type: 'auth', access_token: token }))
      else if (answer.type === 'auth_ok') resolve()
      else if (answer.type === 'auth_invalid') reject(new Error('the token is refused'))
      else waiting.get(answer.id ?? 0)?.(answer)
    }
  })
  let last = 0
  return {
    call(message) {
      const id = ++last
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${message.type}: no answer`)), ANSWER_MS)
        waiting.set(id, ({ success, result, error }) => {
          clearTimeout(late)
          waiting.delete(id)
          if (success) resolve(result)
          else reject(new Error(`${message.type}: ${error?.code} ${error?.message}`))
        })
        socket.send(JSON.stringify({ id, ...message }))
      })
    },
    close: () => socket.close(),
  }
}
