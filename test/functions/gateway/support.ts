import OpenAI from 'openai'
import type { GatewayDeps } from '../../../functions/gateway/deps.ts'
import { createGateway } from '../../../functions/gateway/handler.ts'
import { systemTimers } from '../../../functions/gateway/runs/timers.ts'
import { createLog } from '../../../shared/config/log.ts'
import { createNewId } from '../../../shared/domain/ids.ts'
import type { Actor } from '../../../shared/http/app-env.ts'
import type { LanguageModel } from '../../../shared/llm/port.ts'
import type { Db } from '../../../shared/storage/db.ts'
import { createScriptedAgent, resultEvent, type ScriptedAgent, textEvents, usageEvent } from '../../fakes/scripted-agent.ts'

export const KEY = 'test-key-alice'
export const OTHER_KEY = 'test-key-bob'
export const READ_KEY = 'test-key-reader'

const ACTORS: Record<string, Actor> = {
  [KEY]: { id: 'key_alice', name: 'alice', scopes: ['*'] },
  [OTHER_KEY]: { id: 'key_bob', name: 'bob', scopes: ['*'] },
  [READ_KEY]: { id: 'key_reader', name: 'reader', scopes: ['read'] },
}

/** An agent that answers `Answer to: <question>` in two pieces, with a delegation and usage before. */
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

/** A model for background tasks: answers with a fixed title and its usage. */
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

/** A gateway on a test database with a scripted team; `now` can be moved. */
export function createTestGateway(db: Db, agent: ScriptedAgent, overrides: Partial<GatewayDeps> = {}) {
  const lines: string[] = []
  const clock = { now: Date.now() }
  const now = () => clock.now
  const working = new Set<Promise<unknown>>()
  const architect = createScriptedAgent(() => [
    ...textEvents(['From the architect.']),
    resultEvent('From the architect.'),
  ])
  const llm = createTitleModel()
  const peerCalls: unknown[] = []
  const gateway = createGateway({
    db,
    orchestrate: (turn, call) => agent.run(turn, call),
    architect: {
      service: 'architect',
      call(message, call) {
        peerCalls.push(message)
        return architect.run({ runId: '', conversationId: '', messages: [], hints: NO_HINTS }, call)
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
    newId: createNewId(() => Date.now()),
    log: createLog({ write: (line) => lines.push(line), level: 'debug', service: 'test', now, secrets: [] }),
    timers: systemTimers,
    waitUntil: (work) => {
      working.add(work)
      void work.finally(() => working.delete(work))
    },
    instance: 'test-process',
    metricsToken: null,
    corsOrigins: [],
    ...overrides,
  })
  const request = (path: string, init: RequestInit & { key?: string | null; json?: unknown } = {}) => {
    const headers = new Headers(init.headers)
    const key = init.key === undefined ? KEY : init.key
    if (key !== null && !headers.has('authorization')) headers.set('authorization', `Bearer ${key}`)
    const body = init.json === undefined ? init.body : JSON.stringify(init.json)
    if (init.json !== undefined) headers.set('content-type', 'application/json')
    return gateway.app.request(path, { ...init, headers, ...(body == null ? {} : { body }) })
  }
  const chat = (json: unknown, init: Parameters<typeof request>[1] = {}) =>
    request('/api/v1/chat/completions', { method: 'POST', ...init, json })
  return {
    gateway,
    clock,
    lines,
    llm,
    peerCalls,
    request,
    chat,
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
  }
}

const NO_HINTS = { analysts: null, model: null, maxTokens: null, responseFormat: null, brief: false }

/** All `data:` payloads of an event stream, JSON parsed but for the end marker, with their ids. */
export function parseSse(text: string): { id: string | null; data: any }[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => {
      const id = /^id: (.*)$/m.exec(block)?.[1] ?? null
      const data = /^data: (.*)$/m.exec(block)?.[1] ?? ''
      return { id, data: data === '[DONE]' ? data : JSON.parse(data) }
    })
}

/** A user's message as a body. */
export const ask = (content: string, extra: object = {}) => ({
  model: 'aether/auto',
  messages: [{ role: 'user', content }],
  ...extra,
})
