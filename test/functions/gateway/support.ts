import { sql } from 'drizzle-orm'
import OpenAI from 'openai'
import type { GatewayDeps } from '../../../functions/gateway/deps.ts'
import { createGateway } from '../../../functions/gateway/handler.ts'
import { systemTimers } from '../../../functions/gateway/runs/timers.ts'
import { createMemoryTaskStore } from '../../../shared/a2a/memory-task-store.ts'
import { createLog } from '../../../shared/config/log.ts'
import { createNewId } from '../../../shared/domain/ids.ts'
import type { Actor } from '../../../shared/http/app-env.ts'
import { createMetrics } from '../../../shared/http/metrics.ts'
import type { LanguageModel } from '../../../shared/llm/port.ts'
import { NO_PRICES } from '../../../shared/llm/prices.ts'
import type { Db } from '../../../shared/storage/db.ts'
import { NO_TRACER } from '../../../shared/tracing/tracer.ts'
import {
  createScriptedAgent,
  resultEvent,
  type ScriptedAgent,
  textEvents,
  usageEvent,
} from '../../fakes/scripted-agent.ts'
import { json } from './sse.ts'

export const KEY = 'test-key-alice'
export const OTHER_KEY = 'test-key-bob'
export const READ_KEY = 'test-key-reader'
/** May use 300 tokens in 24 hours, and sees only what is its own. */
export const POOR_KEY = 'test-key-poor'

const ACTORS: Record<string, Actor> = {
  [KEY]: { id: 'key_alice', name: 'alice', scopes: ['*'] },
  [OTHER_KEY]: { id: 'key_bob', name: 'bob', scopes: ['*'] },
  [POOR_KEY]: { id: 'key_poor', name: 'poor', scopes: ['chat', 'read'], tokensPerDay: 300 },
  [READ_KEY]: { id: 'key_reader', name: 'reader', scopes: ['read'] },
}

/** An agent that answers `Answer to: <question>` in two pieces, with a delegation and the tokens of two calls before. */
export function createEchoAgent(): ScriptedAgent {
  return createScriptedAgent((turn) => {
    const question = turn.messages.at(-1)?.content ?? ''
    return [
      { kind: 'delegation', from: 'orchestrator', to: 'architect', reason: 'test' },
      usageEvent(10, 5),
      usageEvent(100, 20),
      ...textEvents(['Answer to: ', question]),
      resultEvent(`Answer to: ${question}`),
    ]
  })
}

/** A model for background tasks: answers with a fixed title and its usage. It knows `gpt-known`. */
export function createTitleModel(): LanguageModel & { readonly calls: unknown[] } {
  const calls: unknown[] = []
  return {
    calls,
    name: 'test-model',
    offline: true,
    resolve: async (name) => (name === 'gpt-known' ? 'gpt-known' : 'test-model'),
    async *stream(request) {
      calls.push(request)
      yield { kind: 'text', delta: '{"title": ' }
      yield { kind: 'text', delta: '"Energy"}' }
      yield { kind: 'usage', model: 'test-model', promptTokens: 7, completionTokens: 3, totalTokens: 10 }
    },
  }
}

type RequestOptions = RequestInit & { readonly key?: string | null; readonly json?: unknown }

/** A gateway on a test database with a scripted team. Its clock can be moved; leases go by the database's own. */
export function createTestGateway(db: Db, agent: ScriptedAgent, overrides: Partial<GatewayDeps> = {}) {
  const lines: string[] = []
  const clock = { ahead: 0 }
  const now = () => Date.now() + clock.ahead
  const working = new Set<Promise<unknown>>()
  const llm = createTitleModel()
  const peerCalls: { text: string; data?: { schema: string; data: Record<string, unknown> } }[] = []
  const gateway = createGateway({
    db,
    orchestrate: (turn, call) => agent.run(turn, call),
    architect: {
      service: 'architect',
      async *call(message) {
        peerCalls.push(message)
        yield* textEvents(['From the architect.'])
        yield resultEvent('From the architect.')
      },
    },
    llm,
    find: async (secret) => ACTORS[secret] ?? null,
    readAnalysis: async () => null,
    probes: [],
    describe: () => ({
      home: { source: 'demo', name: 'Demo home' },
      model: 'test-model',
      sandbox: { tier: 'unavailable', runsc: null, platform: null },
    }),
    mode: 'monolith',
    version: '0.0.1',
    now,
    newId: createNewId(now),
    log: createLog({ write: (line) => lines.push(line), level: 'debug', service: 'test', now, secrets: [] }),
    timers: systemTimers,
    waitUntil(work) {
      working.add(work)
      void work.finally(() => working.delete(work))
    },
    instance: 'process-1',
    publicUrl: 'https://home.example',
    tasks: createMemoryTaskStore({ max: 100, now }),
    tracer: NO_TRACER,
    assess: null,
    prices: NO_PRICES,
    budgetOf: async () => null,
    keepMs: null,
    metrics: createMetrics(),
    metricsAccess: { open: true, token: null },
    corsOrigins: [],
    ...overrides,
  })

  const request = async (path: string, options: RequestOptions = {}): Promise<Response> => {
    const { key = KEY, json: body, ...init } = options
    const headers = new Headers(init.headers)
    if (key !== null && !headers.has('authorization')) headers.set('authorization', `Bearer ${key}`)
    if (body === undefined) return gateway.app.request(path, { ...init, headers })
    headers.set('content-type', 'application/json')
    return gateway.app.request(path, { ...init, headers, body: JSON.stringify(body) })
  }

  return {
    gateway,
    clock,
    lines,
    llm,
    peerCalls,
    request,
    chat: (body: unknown, options: RequestOptions = {}) =>
      request('/api/v1/chat/completions', { method: 'POST', ...options, json: body }),
    client: (key = KEY) =>
      new OpenAI({
        apiKey: key,
        baseURL: 'http://aether.test/api/v1',
        maxRetries: 0,
        fetch: async (url, init) => gateway.app.request(String(url), init as RequestInit),
      }),
    /** Waits for all detached work. */
    async settled() {
      while (working.size > 0) await Promise.allSettled([...working])
    },
    /** A run as its route shows it. */
    run: async (id: string) => json(await request(`/api/v1/runs/${id}`)),
  }
}

/** A body with one message of the user. */
export const ask = (content: string, extra: object = {}) => ({
  model: 'aether/auto',
  messages: [{ role: 'user', content }],
  ...extra,
})

/** The header that names an answer's run. */
export const runIdOf = (response: Response): string => response.headers.get('x-aether-run-id') ?? 'none'
export const conversationIdOf = (response: Response): string =>
  response.headers.get('x-aether-conversation-id') ?? 'none'

/** Empties the tables of talk and runs. */
export async function clearTables(db: Db): Promise<void> {
  await db.execute(sql`truncate conversations, runs, llm_usage, idempotency_keys cascade`)
}
