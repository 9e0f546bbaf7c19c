import { expect, test } from 'vitest'
import { createScriptedAgent, usageEvent } from '../../fakes/scripted-agent.ts'
import { withDatabase } from '../../harness/database.ts'
import { ask, conversationIdOf, createEchoAgent, createTestGateway, runIdOf } from './support.ts'

const database = withDatabase()
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` }

type Line = Readonly<Record<string, unknown>>
const linesOf = (t: { lines: readonly string[] }, message: string): Line[] =>
  t.lines.map((line) => JSON.parse(line) as Line).filter((line) => line.message === message)

test.each([true, false])('one line a chat request and one a run, with stream: %s', async (stream) => {
  const t = createTestGateway(database.db, createEchoAgent())
  const response = await t.chat(ask('what a person said', { stream }), { headers })
  await response.text()
  await t.settled()
  const common = {
    trace_id: TRACE,
    run_id: runIdOf(response),
    agent: 'auto',
    user: 'key_alice',
    prompt_tokens: 110,
    completion_tokens: 25,
    total_tokens: 135,
    ms: expect.any(Number),
  }
  expect(linesOf(t, 'request')).toEqual([
    expect.objectContaining({
      ...common,
      route: '/api/v1/chat/completions',
      status: 200,
      outcome: 'answered',
      model: 'test-model',
      actor: 'alice',
    }),
  ])
  expect(linesOf(t, 'run')).toEqual([
    expect.objectContaining({
      ...common,
      conversation_id: conversationIdOf(response),
      outcome: 'completed',
      attempt: 1,
      model: 'test-model',
      first_text_ms: expect.any(Number),
    }),
  ])
  expect(t.lines.join('\n')).not.toContain('what a person said')
})

test('a run that fails, and a request that is refused, say so with their code', async () => {
  const agent = createScriptedAgent(() => [
    usageEvent(10, 5),
    { kind: 'error', code: 'llm_unavailable', message: 'It is away.', retryable: true },
  ])
  const t = createTestGateway(database.db, agent)
  await (await t.chat(ask('hi'))).text()
  await t.settled()
  await t.chat({ messages: [] })
  const failed = { outcome: 'failed', code: 'LLM_UNAVAILABLE', prompt_tokens: 10 }
  expect(linesOf(t, 'run')).toEqual([expect.objectContaining(failed)])
  expect(linesOf(t, 'request')).toEqual([
    expect.objectContaining({ outcome: 'failed', code: 'LLM_UNAVAILABLE' }),
    expect.objectContaining({ outcome: 'refused', code: 'INVALID_INPUT', status: 400 }),
  ])
})

test('a background task has its agent, model and tokens in its line', async () => {
  const t = createTestGateway(database.db, createEchoAgent())
  await (await t.chat(ask('Name this chat', { model: 'aether/utility' }))).text()
  expect(linesOf(t, 'request')).toEqual([
    expect.objectContaining({
      background_task: true,
      agent: 'utility',
      model: 'test-model',
      total_tokens: 10,
      outcome: 'answered',
    }),
  ])
  expect(linesOf(t, 'run')).toEqual([])
})
