import { expect, test } from 'vitest'
import type { Peer } from '../../../shared/a2a/client.ts'
import { createLog } from '../../../shared/config/log.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import type { LanguageModel, ModelChunk } from '../../../shared/llm/port.ts'
import { bindSteps } from '../../../shared/steps/bind.ts'
import { stableId } from '../../../shared/steps/stable-id.ts'
import { memorySteps } from '../../fakes/memory-steps.ts'

const RUN = 'run_01m8aje0tr4t21ct5yvcbytg44'
const log = createLog({ write: () => {}, level: 'silent', service: 'test', now: () => 0, secrets: [] })
const callOf = (execution: number) => ({
  user: 'key_1',
  messageId: `${RUN}.${execution}.architect`,
  deadline: 1e15,
  signal: new AbortController().signal,
  traceparent: '',
})
const request = { purpose: 'converse' as const, messages: [], model: null }

/** A model that counts its calls, and fails from one on. */
function countingModel(failAt = Number.POSITIVE_INFINITY) {
  const state = { calls: 0 }
  const model: LanguageModel = {
    offline: true,
    name: 'm',
    resolve: async () => 'm',
    async *stream(): AsyncGenerator<ModelChunk> {
      state.calls++
      if (state.calls >= failAt) throw new Error('the process dies')
      yield { kind: 'text', delta: `answer ` }
      yield { kind: 'text', delta: `${state.calls}` }
      yield { kind: 'tool_call', call: { id: 'c', name: 'f', arguments: '{}' } }
      yield { kind: 'usage', model: 'm', promptTokens: 1, completionTokens: 1, totalTokens: 2 }
    },
  }
  return { model, state }
}

/** A peer that counts its calls. */
function countingPeer() {
  const state = { calls: 0 }
  const peer: Peer = {
    service: 'ds_analysts',
    async *call(): AsyncGenerator<AgentYield> {
      state.calls++
      yield { kind: 'status', text: 'at work' }
      yield { kind: 'text', delta: 'one ', offset: 0 }
      yield { kind: 'text', delta: 'two', offset: 4 }
      yield {
        kind: 'usage',
        service: 'ds_analysts',
        model: 'm',
        promptTokens: 1,
        completionTokens: 1,
        totalTokens: 2,
      }
      yield { kind: 'output', schema: 's', data: { call: state.calls } }
      yield { kind: 'result', text: 'one two', analysisIds: [] }
    },
  }
  return { peer, state }
}

test('what was finished is given again without a call and without tokens; what was not is done', async () => {
  const { store } = memorySteps()
  const { peer, state: peers } = countingPeer()
  const { model, state } = countingModel(2)
  const deps = { log, steps: store, llm: model, dsAnalysts: peer }
  const bind = (execution: number) =>
    bindSteps('architect', deps, callOf(execution), (stepped) => ({ dsAnalysts: stepped(deps.dsAnalysts) }))

  const first = bind(1)
  const said = await Array.fromAsync(first.llm.stream(request, callOf(1)))
  expect(said.map((chunk) => chunk.kind)).toEqual(['text', 'text', 'tool_call', 'usage'])
  const yielded = await Array.fromAsync(first.dsAnalysts.call({ text: 'x' }, callOf(1)))
  await expect(Array.fromAsync(first.llm.stream(request, callOf(1)))).rejects.toThrow('dies')

  state.calls = 0
  const second = bind(2)
  expect(await Array.fromAsync(second.llm.stream(request, callOf(2)))).toEqual([
    { kind: 'text', delta: 'answer 1' },
    { kind: 'tool_call', call: { id: 'c', name: 'f', arguments: '{}' } },
  ])
  const again = await Array.fromAsync(second.dsAnalysts.call({ text: 'x' }, callOf(2)))
  expect(again).toEqual([
    { kind: 'status', text: 'at work' },
    { kind: 'text', delta: 'one two', offset: 0 },
    ...yielded.filter((item) => item.kind === 'output' || item.kind === 'result'),
  ])
  expect([state.calls, peers.calls]).toEqual([0, 1])
  await Array.fromAsync(second.llm.stream(request, callOf(2)))
  expect(state.calls).toBe(1)
})

test('a call that belongs to no run, and a process without a store, keep nothing', () => {
  const { store } = memorySteps()
  const { model } = countingModel()
  const foreign = { ...callOf(1), messageId: 'msg_1' }
  const kept = { log, steps: store, llm: model }
  expect(bindSteps('architect', kept, foreign)).toBe(kept)
  const nowhere = { log, steps: null, llm: model }
  expect(bindSteps('architect', nowhere, callOf(1))).toBe(nowhere)
})

test('an id is the same in every execution of a run, another in another place, and new without a run', async () => {
  const newId = () => 'ana_new'
  const of = (messageId: string) => stableId('ana', 'ds_orchestrator', messageId, newId)
  const id = await of(`${RUN}.1.architect.team1`)
  expect(id).toMatch(/^ana_01m8aje0tr[0-9a-f]{16}$/)
  expect(await of(`${RUN}.3.architect.team1`)).toBe(id)
  expect(await of(`${RUN}.1.architect.team2`)).not.toBe(id)
  expect(await of('msg_foreign')).toBe('ana_new')
})
