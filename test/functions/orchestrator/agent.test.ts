import { describe, expect, test } from 'vitest'
import { run } from '../../../functions/orchestrator/agent.ts'
import { createLog } from '../../../shared/config/log.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { NO_TRACER } from '../../../shared/tracing/tracer.ts'
import type { FakeStep } from '../../fakes/fake-model.ts'
import { createScriptedPeer } from '../../fakes/scripted-peer.ts'
import {
  callOf,
  kinds,
  newIds,
  offlineModel,
  play,
  scriptedModel,
  teamAnswer,
  turnOf,
} from '../architect/support.ts'

const log = createLog({ write: () => {}, level: 'silent', service: 'test', now: () => 0, secrets: [] })
const ANSWER = [
  { kind: 'delegation' as const, from: 'architect' as const, to: 'ds_orchestrator' as const, reason: 'r' },
  ...teamAnswer('All is well.'),
]
const depsWith = (
  steps?: readonly FakeStep[],
  script: Parameters<typeof createScriptedPeer>[1] = [ANSWER],
) => {
  const architect = createScriptedPeer('architect', script)
  return {
    architect,
    deps: {
      llm: steps ? scriptedModel(steps).llm : offlineModel(),
      newId: newIds(),
      architect,
      tracer: NO_TRACER,
      log,
      steps: null,
    },
  }
}

const route = (args: unknown): FakeStep => ({
  kind: 'reply',
  calls: [{ name: 'route', arguments: JSON.stringify(args) }],
})

test('a plain first question fixes its analyst and everything of the architect is forwarded', async () => {
  const { architect, deps } = depsWith()
  const { events, text, result } = await play(run(turnOf(['Analyze my energy usage']), deps, callOf()))
  expect(events.filter((item) => item.kind === 'delegation')).toMatchObject([
    { from: 'orchestrator', to: 'architect', analysts: ['energy'] },
    { from: 'architect', to: 'ds_orchestrator', origin: 'architect' },
    { from: 'ds_orchestrator', to: 'ds_analysts', origin: 'architect' },
  ])
  expect(text).toBe('All is well.')
  expect(result?.analysisIds).toEqual(['ana_1'])
  expect(kinds(events)).toContain('output')
  expect(events.find((item) => item.kind === 'usage')).toMatchObject({ service: 'orchestrator' })
  expect(architect.calls[0]?.message).toMatchObject({
    text: 'Analyze my energy usage',
    data: { schema: 'aether.turn/v1', data: { run_id: 'run_1', hints: { analysts: ['energy'] } } },
  })
  expect(architect.calls[0]?.context.messageId).toBe('msg_1.architect')
})

test.each([
  ['a follow-up', ['Analyze my energy usage', 'and the week before?']],
  ['a question about states', ['Which lights are on?']],
  ['several analysts', ['Analyze my home']],
  ['a wish', ['turn off the lights']],
  ['small talk', ['hello']],
])('%s is left to the architect', async (_, questions) => {
  const { architect, deps } = depsWith()
  await play(run(turnOf(questions), deps, callOf()))
  expect(architect.calls[0]?.message.data?.data).toMatchObject({ hints: { analysts: null } })
})

test('hints that are set stay', async () => {
  const { architect, deps } = depsWith()
  await play(run(turnOf(['Which lights are on?'], { analysts: ['diagnostic'] }), deps, callOf()))
  expect(architect.calls[0]?.message.data?.data).toMatchObject({ hints: { analysts: ['diagnostic'] } })
})

describe('asking back', () => {
  test.each([['do something'], ['improve it'], ['anything']])('"%s"', async (question) => {
    const { architect, deps } = depsWith()
    const { events, text } = await play(run(turnOf([question]), deps, callOf()))
    const clarify = events.find((item) => item.kind === 'clarify')
    if (clarify?.kind !== 'clarify') throw new Error('no clarify event')
    expect(clarify.options.length).toBeGreaterThan(1)
    for (const option of clarify.options) expect(text).toContain(option)
    expect(events.at(-1)?.kind).toBe('result')
    expect(architect.calls).toHaveLength(0)
  })

  test('an empty message needs no model', async () => {
    const { events } = await play(
      run(turnOf([' \t']), depsWith([{ kind: 'status', status: 500 }]).deps, callOf()),
    )
    expect(kinds(events)).toEqual(['clarify', 'text', 'result'])
  })
})

describe('a model that gets it wrong', () => {
  test.each<[string, FakeStep]>([
    ['no tool', { kind: 'reply', text: 'I would say energy.' }],
    ['an unknown agent', route({ agent: 'root', reason: 'x' })],
    ['no JSON', { kind: 'reply', calls: [{ name: 'route', arguments: '{' }] }],
    [
      'a clarification without a question',
      { kind: 'reply', calls: [{ name: 'clarify', arguments: '{"options": 3}' }] },
    ],
  ])('%s goes to the architect', async (_, step) => {
    const { architect, deps } = depsWith([step])
    await play(run(turnOf(['Which is it?']), deps, callOf()))
    expect(architect.calls).toHaveLength(1)
  })

  test('one that is down is a typed error', async () => {
    const { deps } = depsWith([{ kind: 'status', status: 401 }])
    await expect(play(run(turnOf(['q']), deps, callOf()))).rejects.toMatchObject({ code: 'LLM_UNAVAILABLE' })
  })
})

test.each([
  ['throws', [[new AetherError('HOME_UNAVAILABLE')]], 'HOME_UNAVAILABLE'],
  ['ends without a result', [[]], 'AGENT_UNAVAILABLE'],
])('an architect that %s', async (_, script, code) => {
  const { deps } = depsWith(undefined, script)
  await expect(play(run(turnOf(['Analyze my energy usage']), deps, callOf()))).rejects.toMatchObject({ code })
})
