import type { AgentCard } from '@a2a-js/sdk'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import type { Log } from '../config/log.ts'
import type { AgentYield } from '../domain/event.ts'
import type { NewId, Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import type { CallContext } from '../domain/turn.ts'
import type { AppEnv } from '../http/app-env.ts'
import type { CardSigner } from './card-signer.ts'
import { execute } from './executor.ts'
import { type AgentInput, inputOf } from './input.ts'
import { mountHandler, type ServedCard } from './mount-handler.ts'
import type { PushMethods } from './push/push.ts'
import { createRequestHandler } from './request-handler.ts'
import type { TaskStore } from './task-store.ts'

export interface AgentMount<I> {
  readonly service: ServiceName
  readonly card: AgentCard
  /** What callers who are known may see beside the public card. */
  readonly extendedCard?: AgentCard
  readonly signer?: CardSigner | null
  /** Push notifications; off where there are none. */
  readonly push?: PushMethods | null
  /** In front of every route but the card; it sets the actor. */
  readonly authenticate: MiddlewareHandler<AppEnv>
  /** Reads the message; throws AetherError INVALID_INPUT for one that is not for this agent. */
  readInput(message: AgentInput): I
  /** The agent. It ends with `result`, or `error`; its signal aborts on cancel and at the deadline. */
  run(input: I, call: CallContext): AsyncIterable<AgentYield>
  readonly tasks: TaskStore
  readonly now: Now
  readonly newId: NewId
  readonly log: Log
  /** Longest life of a task in ms; a caller's budget shortens it. */
  readonly maxMs?: number
  /** How long a caller of ours whose connection broke may take to come back. */
  readonly graceMs?: number
  /** Keeps work alive after the answer where the host ends it otherwise (workers: `waitUntil`). */
  keep?(work: Promise<unknown>, c: Context<AppEnv>): void
}

const MAX_MS = 900_000

/**
 * Serves an agent by A2A 1.0: JSON-RPC at `/` and `/rpc`, HTTP+JSON at the root, the card for anybody. A task runs to
 * its end whether its stream is read or not; a caller of ours that leaves cancels it, a foreign one does not.
 */
export function mountAgent<I>(app: Hono<AppEnv>, mount: AgentMount<I>): ServedCard {
  const { service, tasks, now, newId, log } = mount
  const executor = { service, tasks, now, log, maxMs: mount.maxMs ?? MAX_MS, run: mount.run.bind(mount) }
  const handler = createRequestHandler({
    service,
    tasks,
    now,
    newId,
    push: mount.push ?? null,
    ...(mount.graceMs === undefined ? {} : { graceMs: mount.graceMs }),
    prepare(message, { user, traceparent, deadlineMs }) {
      const input = mount.readInput(inputOf(message))
      const { messageId } = message
      return {
        kind: 'task',
        execute: ({ ref, snapshot }) => {
          const { generation, task } = snapshot
          const ids = { ref, contextId: task.contextId, generation, messageId }
          return execute(executor, { ...ids, input, user, traceparent, deadlineMs })
        },
      }
    },
  })
  return mountHandler(app, { ...mount, handler })
}
