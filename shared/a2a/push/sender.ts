import type { Log } from '../../config/log.ts'
import type { Now } from '../../domain/ids.ts'
import type { ServiceName } from '../../domain/names.ts'
import { AetherError } from '../../errors/aether-error.ts'
import { childTraceparent } from '../../http/trace-context.ts'
import {
  claimDeliveries,
  type Delivery,
  noteDelivered,
  releaseDelivery,
} from '../../storage/a2a-push/deliveries.ts'
import type { ChangeRow } from '../../storage/a2a-tasks/rows.ts'
import type { Db } from '../../storage/db.ts'
import type { PushKeys } from './seal.ts'
import { addressIn, isPublicAddress, type PushRules, readTarget } from './target.ts'

/** The way out: names are resolved once, and the connection goes to that address. */
export interface PushNet {
  resolve(host: string, signal: AbortSignal): Promise<readonly string[]>
  /** Sends to the address, under the name of the request's URL. Never follows a redirect. */
  fetch(request: Request, address: string): Promise<Response>
}

export interface PushSenderDeps {
  readonly db: Db
  readonly service: ServiceName
  readonly holder: string
  readonly keys: PushKeys
  readonly rules: PushRules
  readonly net: PushNet
  readonly now: Now
  readonly log: Log
  /** Between 0 and 1. */
  readonly random: () => number
}

/** Sends what has happened to tasks to those who want to hear of it, each at least once and in order. */
export interface PushSender {
  start(): void
  /** One round: sends what is due. */
  send(): Promise<void>
  stop(): Promise<void>
}

const EVERY_MS = 1_000
const LEASE_MS = 120_000
const TARGETS = 20
const PER_TARGET = 20
const TIMEOUT_MS = 15_000
const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 600_000
/** About three hours in all. */
const MAX_ATTEMPTS = 25

/** An answer or a fault that may be different next time, or that cannot. */
class NotDelivered extends Error {
  override readonly name = 'NotDelivered'
}

/** A sender for the tasks of a service. A target that fails is tried again, later each time, and then given up. */
export function createPushSender(deps: PushSenderDeps): PushSender {
  const { db, service, holder, keys, rules, net, now, log } = deps
  const stopped = new AbortController()
  let timer: ReturnType<typeof setInterval> | undefined
  let round: Promise<void> | null = null

  const addressOf = async (url: URL, signal: AbortSignal): Promise<string> => {
    const literal = addressIn(url)
    const addresses = literal === null ? await net.resolve(url.hostname, signal) : [literal]
    const [first] = addresses
    if (first === undefined) throw new NotDelivered('the name has no address')
    // All of them: a name that also leads inside is not for us.
    if (!rules.anywhere && !addresses.every(isPublicAddress))
      throw new NotDelivered('the address is not public')
    return first
  }

  const post = async (delivery: Delivery, row: ChangeRow): Promise<void> => {
    const url = readTarget(delivery.url, rules)
    const { token, credentials } = await keys.open(delivery.sealed)
    const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(TIMEOUT_MS)])
    const address = await addressOf(url, signal)
    const body = JSON.stringify(row.change)
    const id = `${delivery.taskId}.${row.generation}`
    const seconds = Math.floor(now() / 1_000)
    const headers = new Headers({
      'content-type': 'application/a2a+json',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': await keys.sign(id, seconds, body),
    })
    if (token !== '') headers.set('x-a2a-notification-token', token)
    if (delivery.scheme !== '') headers.set('authorization', `${delivery.scheme} ${credentials}`)
    if (delivery.traceparent) headers.set('traceparent', childTraceparent(delivery.traceparent))
    const request = new Request(url, { method: 'POST', body, headers, redirect: 'manual', signal })
    const response = await net.fetch(request, address)
    // What it says is of no interest; the connection is.
    await response.body?.cancel()
    if (response.status < 200 || response.status > 299) throw new NotDelivered(`HTTP ${response.status}`)
  }

  const deliver = async (delivery: Delivery): Promise<void> => {
    const key = { taskId: delivery.taskId, id: delivery.id, holder }
    try {
      for (const row of delivery.changes) {
        await post(delivery, row)
        await noteDelivered(db, { ...key, generation: row.generation })
      }
      await releaseDelivery(db, { ...key, fault: null })
    } catch (thrown) {
      const reason = reasonOf(thrown)
      const lasting = thrown instanceof AetherError || delivery.attempts + 1 >= MAX_ATTEMPTS
      const pause = Math.min(FIRST_RETRY_MS * 2 ** delivery.attempts, LONGEST_RETRY_MS)
      const retryMs = lasting ? null : pause * (0.5 + deps.random() / 2)
      if (lasting) log.warn('a push target was given up', { task_id: delivery.taskId, reason })
      await releaseDelivery(db, { ...key, fault: { reason, retryMs } })
    }
  }

  const send = async () => {
    const lease = { holder, ms: LEASE_MS }
    const due = await claimDeliveries(db, { service, lease, limit: TARGETS, perTarget: PER_TARGET })
    await Promise.all(due.map(deliver))
  }

  const sendAlone = () => {
    round ??= send()
      .catch((error) => log.warn('push notifications were not sent', { error }))
      .finally(() => {
        round = null
      })
  }

  return {
    start() {
      timer ??= setInterval(sendAlone, EVERY_MS)
    },
    send,
    async stop() {
      clearInterval(timer)
      timer = undefined
      stopped.abort()
      await round
    },
  }
}

/** What may stand in a table: no address, and nothing of what the target said. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof NotDelivered || thrown instanceof AetherError) return thrown.message
  if (thrown instanceof DOMException) return thrown.name
  return 'the connection failed'
}
