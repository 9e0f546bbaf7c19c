import { assertReading } from './calls.ts'
import { LinkFault, type LinkState } from './fault.ts'

/** The part of a WebSocket that is used; platforms' own classes have it. */
export interface WebSocketLike {
  readonly readyState: number
  send(text: string): void
  close(): void
  addEventListener(type: 'message' | 'close' | 'error', listener: Listener): void
}

/** Opens a WebSocket; how trust and limits of the transport are set is the platform's business. */
export type OpenWebSocket = (url: string) => WebSocketLike

/** A socket that has been let in, as the library takes it. */
export interface GuardedSocket {
  readonly haVersion: string
  readonly readyState: number
  readonly OPEN: 1
  send(text: string): void
  close(): void
  addEventListener(type: string, listener: Listener): void
  removeEventListener(type: string, listener: Listener): void
}
type Listener = (event: { readonly data?: unknown }) => void

export interface GuardOptions {
  readonly url: string
  readonly token: string
  readonly open: OpenWebSocket
  readonly connectMs: number
  /** Longest message in characters. */
  readonly mostChars: number
  /** Told why the socket was given up, or that one message was too large. */
  readonly onFault: (state: LinkState) => void
}

const OPEN = 1

/**
 * Opens a socket, logs in, and stands between it and the library: nothing but reading messages goes out; a message that
 * is too large fails its call alone; one that is no valid message closes the socket instead of throwing where nobody can
 * catch it. Rejects with LinkFault.
 */
export async function openGuarded(options: GuardOptions): Promise<GuardedSocket> {
  const raw = options.open(options.url)
  const messages = new Set<Listener>()
  const closes = new Set<Listener>()
  let gone = false
  const giveUp = (state: LinkState) => {
    options.onFault(state)
    raw.close()
  }
  const send = (text: string) => {
    assertReading(text)
    raw.send(text)
  }
  const receive: Listener = ({ data }) => {
    if (gone) return
    if (typeof data !== 'string') return giveUp('garbled')
    const event = { data: data.length > options.mostChars ? asTooLarge(data) : data }
    if (event.data !== data) options.onFault('too_large')
    if (event.data === null) return giveUp('too_large')
    try {
      for (const listener of messages) listener(event)
    } catch {
      giveUp('garbled') // what the library cannot read is what is no message of the protocol
    }
  }
  const end = () => {
    if (gone) return
    gone = true
    for (const listener of closes) listener({})
  }
  raw.addEventListener('message', receive)
  raw.addEventListener('close', end)
  raw.addEventListener('error', end)
  const haVersion = await logIn({ ...options, raw, messages, closes, send })
  return {
    haVersion,
    OPEN,
    get readyState() {
      return gone ? 3 : raw.readyState
    },
    send,
    close: () => raw.close(),
    addEventListener: (type, listener) => void setOf(type)?.add(listener),
    removeEventListener: (type, listener) => void setOf(type)?.delete(listener),
  }

  function setOf(type: string) {
    return type === 'message' ? messages : type === 'close' ? closes : null
  }
}

/** The login: `auth_required`, our token, `auth_ok` with the version. */
function logIn(options: {
  readonly raw: WebSocketLike
  readonly token: string
  readonly connectMs: number
  readonly messages: Set<Listener>
  readonly closes: Set<Listener>
  readonly send: (text: string) => void
}): Promise<string> {
  const { raw, messages, closes, send } = options
  return new Promise((resolve, reject) => {
    let asked = false
    const settle = (act: () => void) => {
      clearTimeout(timer)
      messages.delete(onMessage)
      closes.delete(onClose)
      act()
    }
    const refuse = (state: LinkState) =>
      settle(() => {
        raw.close()
        reject(new LinkFault(state))
      })
    const timer = setTimeout(() => refuse('slow'), options.connectMs)
    const onClose = () => refuse(asked ? 'cut' : 'unreachable')
    const onMessage: Listener = ({ data }) => {
      const message = readMessage(data)
      if (message?.type === 'auth_required') {
        asked = true
        send(JSON.stringify({ type: 'auth', access_token: options.token }))
      } else if (message?.type === 'auth_ok') settle(() => resolve(String(message.ha_version ?? '')))
      else refuse(message?.type === 'auth_invalid' ? 'bad_token' : 'not_home_assistant')
    }
    messages.add(onMessage)
    closes.add(onClose)
  })
}

function readMessage(data: unknown): { type?: unknown; ha_version?: unknown } | null {
  try {
    return JSON.parse(String(data))
  } catch {
    return null
  }
}

/** The same call's failure in place of an answer that is too large; null where the message does not say whose it is. */
function asTooLarge(data: string): string | null {
  const id = /^\{"id":\s*(\d+),/.exec(data.slice(0, 40))?.[1]
  if (id === undefined) return null
  return JSON.stringify({ id: Number(id), type: 'result', success: false, error: { code: 'too_large' } })
}
