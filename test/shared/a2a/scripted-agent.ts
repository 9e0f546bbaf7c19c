import { createCard } from '../../../shared/a2a/card.ts'
import { createPeer, type Peer } from '../../../shared/a2a/client.ts'
import { createMemoryTaskStore } from '../../../shared/a2a/memory-task-store.ts'
import { type AgentMount, mountAgent } from '../../../shared/a2a/server.ts'
import { createLog } from '../../../shared/config/log.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import type { NewId } from '../../../shared/domain/ids.ts'
import type { CallContext } from '../../../shared/domain/turn.ts'
import { createApp } from '../../../shared/http/app.ts'
import { createTokenSource, serviceAuth } from '../../../shared/http/service-token.ts'
import { newTraceparent } from '../../../shared/http/trace-context.ts'

export const SECRET = 'a-secret-for-tests-0123456789abcdef'
export const URL_OF_AGENT = 'http://ds-orchestrator.test'

export type Script = (
  input: { text: string; data: ReadonlyMap<string, Record<string, unknown>> },
  call: CallContext,
) => AsyncIterable<AgentYield>

/** Ids that count up, so that a test can foretell them. */
export function countingIds(): NewId {
  let count = 0
  return (prefix) => `${prefix}_${++count}`
}

export interface Harness {
  readonly app: ReturnType<typeof createApp>
  readonly tasks: ReturnType<typeof createMemoryTaskStore>
  readonly lines: Record<string, unknown>[]
  /** Settles when all tasks that were started have ended. */
  idle(): Promise<void>
  token(user?: string): Promise<string>
  peer(options?: Partial<Parameters<typeof createPeer>[0]>): Peer
}

/** An agent service that runs the script, with its log lines at hand. */
export function scriptedAgent(
  run: Script,
  options: Partial<AgentMount<unknown>> & { max?: number } = {},
): Harness {
  const now = () => Date.now()
  const lines: Record<string, unknown>[] = []
  const log = createLog({
    write: (line) => lines.push(JSON.parse(line)),
    level: 'debug',
    service: 'ds_orchestrator',
    now,
    secrets: [SECRET],
  })
  const newId = countingIds()
  const tasks = createMemoryTaskStore({ max: options.max ?? 100, now })
  const app = createApp({ service: 'ds_orchestrator', log, newId, now })
  const work = new Set<Promise<unknown>>()
  mountAgent(app, {
    service: 'ds_orchestrator',
    card: createCard({
      service: 'ds_orchestrator',
      name: 'Scripted agent',
      description: 'Plays a script.',
      version: '1.2.3',
      url: `${URL_OF_AGENT}/`,
      skills: [{ id: 'play', name: 'Play', description: 'Plays.', tags: ['test'] }],
    }),
    authenticate: serviceAuth({ secret: SECRET, audience: 'ds_orchestrator', now }),
    readInput: (message) => message,
    run: (input, call) => run(input as Parameters<Script>[0], call),
    tasks,
    now,
    newId,
    log,
    keep: (task) => {
      work.add(task)
      void task.then(() => work.delete(task))
    },
    graceMs: 20,
    ...options,
  } as AgentMount<unknown>)
  const source = createTokenSource({ secret: SECRET, issuer: 'architect', audience: 'ds_orchestrator', now })
  const token = (user = 'anna') => source(user)
  return {
    app,
    tasks,
    lines,
    async idle() {
      while (work.size > 0) await Promise.all(work)
    },
    token,
    peer: (given = {}) =>
      createPeer({
        service: 'ds_orchestrator',
        url: URL_OF_AGENT,
        fetch: async (request, init) => app.fetch(request, init),
        token,
        now,
        newId,
        ...given,
      }),
  }
}

/** A call with a budget of a minute. */
export function callContext(given: Partial<CallContext> = {}): CallContext {
  return {
    user: 'anna',
    messageId: `msg-${crypto.randomUUID()}`,
    deadline: Date.now() + 60_000,
    signal: new AbortController().signal,
    traceparent: newTraceparent(),
    ...given,
  }
}

/** Everything a generator yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

export const result = (text: string): AgentYield => ({ kind: 'result', text, analysisIds: [] })

/** The JSON of an answer, untyped: a test says itself what it expects of it. */
export async function jsonOf(response: Response | Promise<Response>) {
  return JSON.parse(await (await response).text())
}
