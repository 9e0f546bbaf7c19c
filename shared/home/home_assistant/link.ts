import { Connection } from 'home-assistant-js-websocket'
import type { Now } from '../../domain/ids.ts'
import type { Fetch } from '../../http/fetch.ts'
import { pause } from '../../http/wait.ts'
import { addressesOf } from './address.ts'
import { backOffMs } from './back-off.ts'
import { createCallQueue } from './call-queue.ts'
import type { Message } from './calls.ts'
import { diagnose } from './diagnose.ts'
import { CallRefused, LinkFault, type LinkState, linkStateOf } from './fault.ts'
import { type GuardedSocket, type OpenWebSocket, openGuarded } from './guarded-socket.ts'
import { isRow, type Row } from './shapes.ts'
import { isSupported } from './version.ts'

export interface LinkDeps {
  readonly url: string
  readonly token: string
  readonly openWebSocket: OpenWebSocket
  readonly fetch: Fetch
  readonly now: Now
  readonly random: () => number
  readonly limits?: Partial<LinkLimits>
}

export interface LinkLimits {
  readonly connectMs: number
  /** Deadline of a call that names none. */
  readonly callMs: number
  readonly atOnce: number
  readonly waiting: number
  /** Longest message in characters. */
  readonly mostChars: number
  /** Between two looks at how Home Assistant is. */
  readonly lookMs: number
}

const LIMITS: LinkLimits = {
  connectMs: 10_000,
  callMs: 10_000,
  atOnce: 8,
  waiting: 200,
  mostChars: 16_000_000,
  lookMs: 5_000,
}
/** A call may bring the next try forward, but not closer to the last one than this. */
const NUDGE_MS = 1_000
/** While it starts, it is looked at this often. */
const STARTING_LOOK_MS = 1_000

export interface CallOptions {
  readonly signal: AbortSignal
  readonly deadlineMs?: number
}

/** How the link is, for `/status`. */
export interface LinkHealth {
  readonly state: LinkState
  readonly version: string | null
  /** Messages that were too large to take, since the start. */
  readonly tooLarge: number
  readonly reconnects: number
}

/** The one connection to a Home Assistant, kept. Rejections are LinkFault, CallRefused, or the signal's reason. */
export interface Link {
  call(message: Message, options: CallOptions): Promise<unknown>
  /** A subscription that is made again after every reconnection; `onStart` comes before its first event. */
  subscribe(message: Message, onEvent: (event: unknown) => void, onStart?: () => void): void
  /** Waits for work of ours as for a call. */
  waitFor<T>(work: Promise<T>, options: CallOptions): Promise<T>
  /** `get_config` as last read; rejects while Home Assistant cannot be used. */
  config(signal: AbortSignal): Promise<Row>
  /** False: the token belongs to somebody who is no administrator. Null: not known. */
  readonly admin: boolean | null
  /** Base of REST paths. */
  readonly base: string
  health(): LinkHealth
  close(): void
}

/** Opens the link and goes on trying until it is closed. Nothing is thrown: what is wrong shows in calls and health. */
export function createLink(deps: LinkDeps): Link {
  const limits = { ...LIMITS, ...deps.limits }
  const addresses = addressesOf(deps.url)
  const queue = createCallQueue(limits)
  const subscriptions: (() => Promise<void>)[] = []
  const stop = new AbortController()
  let address = addresses[0]
  let state: LinkState = 'connecting'
  /** What the last try said: a look at the health while the next one runs is told this. */
  let lastVerdict: LinkState = 'connecting'
  let connection: Connection | null = null
  let version: string | null = null
  let admin: boolean | null = null
  let config: Row | null = null
  let prepared = false
  let lost = deps.now()
  let lastTry = 0
  let socketFault: LinkState | null = null
  let tooLarge = 0
  let reconnects = -1
  let wake: (() => void) | null = null
  let verdict = Promise.withResolvers<void>()

  function setState(next: LinkState): void {
    state = next
    lastVerdict = next
    verdict.resolve()
  }

  /** From now on callers wait for what the next try says. */
  function awaitVerdict(): void {
    if (state === 'connecting') return
    state = 'connecting'
    verdict = Promise.withResolvers()
  }

  async function attempt(): Promise<GuardedSocket> {
    let fault: LinkFault | null = null
    for (const each of addresses) {
      const socket = await openGuarded({
        url: each.webSocket,
        token: deps.token,
        open: deps.openWebSocket,
        connectMs: limits.connectMs,
        mostChars: limits.mostChars,
        onFault: (why) => {
          if (why === 'too_large') tooLarge++
          else socketFault = why
        },
      }).catch((error: unknown) => toFault(error))
      if (!(socket instanceof LinkFault)) {
        address = each
        return socket
      }
      const found =
        socket.state === 'unreachable' ? new LinkFault(await diagnose(each.http, deps.fetch)) : socket
      if (fault === null || fault.state === 'not_home_assistant') fault = found
      if (found.state !== 'not_home_assistant' && found.state !== 'no_socket') break
    }
    throw fault ?? new LinkFault('unreachable')
  }

  /** For the library, whose own way of trying again has no spread: resolves with a socket, however long it takes. */
  async function nextSocket(): Promise<GuardedSocket> {
    for (let tries = 0; !stop.signal.aborted; tries++) {
      lastTry = deps.now()
      socketFault = null
      try {
        const socket = await attempt()
        if (stop.signal.aborted) {
          socket.close()
          break
        }
        version = socket.haVersion
        return socket
      } catch (error) {
        setState(toFault(error).state)
      }
      // A token that was refused once is refused again, and each try is an entry in somebody's log.
      const wait = state === 'bad_token' ? 60_000 : backOffMs(tries, deps.now() - lost, deps.random())
      await sleep(wait)
      if (state !== 'bad_token') awaitVerdict()
    }
    return new Promise(() => {}) // closed: the library must not set another timer
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms)
      function done() {
        clearTimeout(timer)
        stop.signal.removeEventListener('abort', done)
        wake = null
        resolve()
      }
      wake = done
      stop.signal.addEventListener('abort', done, { once: true })
    })
  }

  /** Brings the next try forward when somebody waits for an answer. */
  function nudge(): void {
    if (!wake || state === 'bad_token' || deps.now() - lastTry < NUDGE_MS) return
    awaitVerdict()
    wake()
  }

  async function onReady(): Promise<void> {
    const mine = connection
    reconnects++
    if (!isSupported(version ?? '')) return setState('too_old')
    try {
      const user = await send({ type: 'auth/current_user' }, limits.callMs, stop.signal)
      admin = isRow(user) ? user.is_admin === true : null
      await prepare()
    } catch (error) {
      if (connection === mine && state === 'connecting') setState(linkStateOf(error) ?? 'failed')
    }
  }

  async function prepare(): Promise<void> {
    await look()
    if (prepared) return
    prepared = true
    for (const subscribe of subscriptions) await subscribe()
  }

  /** Reads the configuration, which also tells whether Home Assistant is up, and that the connection is alive. */
  async function look(): Promise<void> {
    const read = await send({ type: 'get_config' }, limits.callMs, stop.signal)
    if (!isRow(read)) throw new LinkFault('garbled')
    config = read
    setState(readRunning(read))
  }

  async function keepLooking(): Promise<void> {
    while (!stop.signal.aborted) {
      await pause(state === 'starting' ? STARTING_LOOK_MS : limits.lookMs, stop.signal)
      if (!connection?.connected || stop.signal.aborted || state === 'too_old') continue
      try {
        await prepare()
      } catch (error) {
        // Neither an answer nor an end: the other side is gone without a word.
        if (linkStateOf(error) === 'slow') {
          setState('slow')
          connection?.reconnect(true)
        }
      }
    }
  }

  async function send(message: Message, deadlineMs: number, signal: AbortSignal): Promise<unknown> {
    const open = connection
    if (!open?.connected) throw new LinkFault(state === 'ok' ? 'cut' : state)
    return within(open.sendMessagePromise({ ...message }), deadlineMs, signal, () => socketFault ?? 'cut')
  }

  async function usable(signal: AbortSignal, deadlineMs: number): Promise<void> {
    signal.throwIfAborted()
    if (state !== 'ok' && state !== 'starting') nudge()
    if (state === 'connecting') await within(verdict.promise, deadlineMs, signal, () => 'unreachable')
    if (state !== 'ok') throw new LinkFault(state)
  }

  void nextSocket().then((socket) => {
    connection = new Connection(forLibrary(socket), {
      setupRetry: 0,
      createSocket: async () => forLibrary(await nextSocket()),
    })
    connection.addEventListener('ready', () => void onReady())
    connection.addEventListener('disconnected', () => {
      lost = deps.now()
      prepared = false
      awaitVerdict()
      lastVerdict = 'connecting'
    })
    return onReady()
  })
  void keepLooking()

  return {
    async call(message, { signal, deadlineMs = limits.callMs }) {
      await usable(signal, deadlineMs)
      return queue.run(() => send(message, deadlineMs, signal), signal)
    },
    subscribe(message, onEvent, onStart) {
      const subscribe = async () => {
        const open = connection
        if (!open?.connected) return
        onStart?.()
        // Made again by us and not by the library, which leaves a refusal unhandled.
        const made = open.subscribeMessage(onEvent, { ...message }, { resubscribe: false })
        await within(made, limits.callMs, stop.signal, () => 'cut').catch(() => undefined)
      }
      subscriptions.push(subscribe)
      if (prepared) void subscribe()
    },
    waitFor: (work, { signal, deadlineMs = limits.callMs }) => within(work, deadlineMs, signal, () => 'cut'),
    async config(signal) {
      await usable(signal, limits.callMs)
      if (config === null) throw new LinkFault('connecting')
      return config
    },
    get admin() {
      return admin
    },
    get base() {
      return address.http
    },
    health: () => {
      nudge()
      return {
        state: state === 'connecting' ? lastVerdict : state,
        version,
        tooLarge,
        reconnects: Math.max(0, reconnects),
      }
    },
    close() {
      stop.abort()
      connection?.close()
    },
  }
}

function toFault(error: unknown): LinkFault {
  return error instanceof LinkFault ? error : new LinkFault('unreachable', { cause: error })
}

/** The guarded socket has what the library uses of a WebSocket; its type asks for the whole class. */
function forLibrary(socket: GuardedSocket) {
  return socket as unknown as ConstructorParameters<typeof Connection>[0]
}

function readRunning({ state }: Row): LinkState {
  if (state === 'STOPPING' || state === 'FINAL_WRITE') return 'stopping'
  return state === 'STARTING' || state === 'NOT_RUNNING' ? 'starting' : 'ok'
}

/** Waits for work until the deadline or the abort, and turns the library's rejections into ours. */
function within<T>(
  work: Promise<T>,
  deadlineMs: number,
  signal: AbortSignal,
  whenLost: () => LinkState,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => settle(() => reject(signal.reason))
    const timer = setTimeout(() => settle(() => reject(new LinkFault('slow'))), deadlineMs)
    const settle = (act: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      act()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(
      (value) => settle(() => resolve(value)),
      (reason: unknown) => settle(() => reject(toRejection(reason, whenLost))),
    )
  })
}

/** The library rejects with a number of its own, bare or in a result, or with the error object of the answer. */
function toRejection(reason: unknown, whenLost: () => LinkState): Error {
  if (reason instanceof Error) return reason
  const inner = isRow(reason) && isRow(reason.error) ? reason.error : reason
  const code = isRow(inner) ? inner.code : inner
  if (typeof code === 'number') return new LinkFault(whenLost())
  if (code === 'too_large') return new LinkFault('too_large')
  return new CallRefused(String(code))
}
