import type { Context, Hono, MiddlewareHandler } from 'hono'
import type { Log } from '../config/log.ts'
import type { AgentYield } from '../domain/event.ts'
import type { NewId, Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import type { CallContext } from '../domain/turn.ts'
import type { AppEnv } from '../http/app-env.ts'
import type { BindingDeps } from './binding.ts'
import { type AgentCardDocument, registerCard } from './card.ts'
import { execute } from './executor.ts'
import { type AgentInput, inputOf } from './input.ts'
import { registerJsonRpc } from './json-rpc.ts'
import { createRequestHandler } from './request-handler.ts'
import { registerRest } from './rest.ts'
import type { TaskStore } from './task-store.ts'

export interface AgentMount<I> {
  readonly service: ServiceName
  readonly card: AgentCardDocument
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
  /** Keeps work alive after the answer where the host ends it otherwise (workers: `waitUntil`). */
  keep?(work: Promise<unknown>, c: Context<AppEnv>): void
}

const MAX_MS = 900_000

/**
 * Serves an agent by A2A 1.0: JSON-RPC at `/` and `/rpc`, HTTP+JSON at the root, the card for anybody. A task runs to
 * its end whether its stream is read or not; a caller of ours that leaves cancels it, a foreign one does not.
 */
export function mountAgent<I>(app: Hono<AppEnv>, mount: AgentMount<I>): void {
  const { service, tasks, now, newId, log } = mount
  const executor = { service, tasks, now, log, maxMs: mount.maxMs ?? MAX_MS, run: mount.run.bind(mount) }
  const handler = createRequestHandler({
    service,
    tasks,
    now,
    newId,
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
  const deps: BindingDeps = {
    handler,
    card: mount.card,
    log: mount.log,
    keep: (work, c) => mount.keep?.(work, c),
  }
  registerCard(app, mount.card)
  registerJsonRpc(app, mount.authenticate, deps)
  registerRest(app, mount.authenticate, deps)
  // Strangers do not even learn which routes there are.
  app.use('*', mount.authenticate)
}
