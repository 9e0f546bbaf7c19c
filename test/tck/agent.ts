import { type Message, Role } from '@a2a-js/sdk'
import type { Hono, MiddlewareHandler } from 'hono'
import { type CardInfo, createCard } from '../../shared/a2a/card.ts'
import type { CardSigner } from '../../shared/a2a/card-signer.ts'
import { mountHandler } from '../../shared/a2a/mount-handler.ts'
import { textPart } from '../../shared/a2a/protocol.ts'
import type { PushMethods } from '../../shared/a2a/push/push.ts'
import { createRequestHandler } from '../../shared/a2a/request-handler.ts'
import type { TaskStore } from '../../shared/a2a/task-store.ts'
import type { Log } from '../../shared/config/log.ts'
import { createNewId, type NewId } from '../../shared/domain/ids.ts'
import { type AppOptions, createApp } from '../../shared/http/app.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import { playScript } from './execute.ts'
import { scriptOf } from './scripts.ts'

/** The kit sends one message id again and again and wants a new task each time: here each is a message of its own. */
function eachAnew(tasks: TaskStore, newId: NewId): TaskStore {
  const anew = <T extends { readonly message: Message }>(holder: T): T => ({
    ...holder,
    message: { ...holder.message, messageId: `${holder.message.messageId}.${newId('msg')}` },
  })
  return {
    ...tasks,
    create: (task) => tasks.create(anew(task)),
    resume: (ref, generation, followUp) => tasks.resume(ref, generation, anew(followUp)),
  }
}

/**
 * The agent that the conformance kit talks to: our handler, bindings and task store, behind which stands what the kit
 * asks for. It lets anybody in, as one user, since the kit brings no credentials.
 */
export function createTckAgent(deps: {
  url: string
  tasks: TaskStore
  push: PushMethods | null
  /** False: nothing is streamed. */
  streaming?: boolean
  log: Log
  /** Lets in anybody, as one user, where it is not given. */
  authenticate?: MiddlewareHandler<AppEnv>
  card?: Partial<CardInfo>
  signer?: CardSigner
  /** Keeps work alive after the answer where the host ends it otherwise. */
  keep?: (work: Promise<unknown>) => void
  router?: AppOptions['router']
}): Hono<AppEnv> {
  const now = () => Date.now()
  const newId = createNewId(now)
  const { log } = deps
  const tasks = eachAnew(deps.tasks, newId)
  const handler = createRequestHandler({
    service: 'gateway',
    tasks,
    now,
    newId,
    push: deps.push,
    streaming: deps.streaming ?? true,
    prepare(message) {
      const script = scriptOf(message.messageId)
      if ('reply' in script)
        return {
          kind: 'reply',
          reply: async () => ({
            messageId: newId('msg'),
            contextId: message.contextId || newId('conv'),
            taskId: '',
            role: Role.ROLE_AGENT,
            parts: [textPart(script.reply)],
            metadata: undefined,
            extensions: [],
            referenceTaskIds: [],
          }),
        }
      return { kind: 'task', execute: (begun) => playScript(tasks, begun, script) }
    },
  })
  const app = createApp({ service: 'tck', log, newId, now, router: deps.router })
  mountHandler(app, {
    handler,
    card: createCard({
      service: 'gateway',
      name: 'TCK agent',
      description: 'Does what the conformance kit asks for.',
      version: '1.0.0',
      url: deps.url,
      // The kit's schema knows no member beside those of 1.0.
      legacy: false,
      inputModes: ['text/plain', 'application/json', '*/*'],
      skills: [{ id: 'tck', name: 'TCK', description: 'Plays scripts.', tags: ['tck'] }],
      ...deps.card,
    }),
    authenticate:
      deps.authenticate ??
      ((c, next) => {
        c.set('actor', { id: 'tck', name: 'tck', scopes: ['chat', 'read'] })
        return next()
      }),
    signer: deps.signer ?? null,
    log,
    now,
    keep: (work) => deps.keep?.(work),
  })
  return app
}
