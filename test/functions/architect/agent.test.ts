import { describe, expect, test } from 'vitest'
import { run } from '../../../functions/architect/agent.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { FakeStep } from '../../fakes/fake-model.ts'
import { createScriptedPeer } from '../../fakes/scripted-peer.ts'
import {
  callOf,
  createTestCatalogue,
  createTestHome,
  FINDING,
  INFO,
  kinds,
  NOW,
  newIds,
  offlineModel,
  play,
  scriptedModel,
  teamAnswer,
  turnOf,
} from './support.ts'

const ANSWER = 'Last week the demo home used 84.20 kWh, says the offline model.'

type Script = Parameters<typeof createScriptedPeer>[1]

function offlineDeps(script: Script = [teamAnswer(ANSWER)], info = INFO) {
  const team = createScriptedPeer('ds_orchestrator', script)
  return {
    team,
    deps: {
      now: () => NOW,
      newId: newIds(),
      home: createTestHome(info),
      catalogue: createTestCatalogue(),
      llm: offlineModel(),
      dsOrchestrator: team,
    },
  }
}

function modelDeps(steps: readonly FakeStep[], script = [teamAnswer(ANSWER)]) {
  const { llm, fake } = scriptedModel(steps)
  const team = createScriptedPeer('ds_orchestrator', script)
  return {
    team,
    fake,
    deps: {
      now: () => NOW,
      newId: newIds(),
      home: createTestHome(),
      catalogue: createTestCatalogue(),
      llm,
      dsOrchestrator: team,
    },
  }
}

const analyze = (args: unknown) => ({ name: 'analyze', arguments: JSON.stringify(args) })

describe('with the offline model', () => {
  test('an analysis is delegated and its text is the answer, word for word', async () => {
    const { team, deps } = offlineDeps()
    const { events, text, result } = await play(
      run(turnOf(['How much did I use last week?']), deps, callOf()),
    )
    expect(text).toBe(ANSWER)
    expect(result?.analysisIds).toEqual(['ana_1'])
    expect(events.find((item) => item.kind === 'delegation')).toMatchObject({
      from: 'architect',
      to: 'ds_orchestrator',
      analysts: ['energy'],
    })
    expect(events.filter((item) => item.kind === 'finding')).toMatchObject([{ origin: 'ds_analysts' }])
    expect(events.filter((item) => item.kind === 'usage')).toMatchObject([
      { service: 'architect', model: 'aether-offline' },
    ])
    const { message, context } = team.calls[0]!
    expect(message.data?.schema).toBe('aether.question/v1')
    expect(message.data?.data).toMatchObject({
      run_id: 'run_1',
      question: 'How much did I use last week?',
      analysts: ['energy'],
      window: { start: '2026-11-16', end: '2026-11-22' },
      compare: null,
    })
    expect(context).toMatchObject({ user: 'user_1', messageId: 'msg_1.team1' })
  })

  test('turn two answers turn two', async () => {
    const { team, deps } = offlineDeps()
    await play(run(turnOf(['How much did I use last week?', 'and the week before?']), deps, callOf()))
    expect(team.calls[0]?.message.data?.data).toMatchObject({
      window: { start: '2026-11-09', end: '2026-11-15' },
    })
    expect(team.calls[0]?.message.text).toContain('2026-11-09')
  })

  test('a misspelt day is mended for an analyst whom the client named, too', async () => {
    const { team, deps } = offlineDeps()
    await play(run(turnOf(['How many kWh last weeek?'], { analysts: ['energy'] }), deps, callOf()))
    expect(team.calls[0]?.message.data?.data).toMatchObject({
      question: 'How many kWh last week?',
      window: { start: '2026-11-16', end: '2026-11-22' },
    })
  })

  test('an analyst whom the client named needs no model call, and follow-ups still work', async () => {
    const { team, deps } = offlineDeps()
    const turn = turnOf(['What did it cost last week?', 'and compared with the week before?'], {
      analysts: ['energy'],
    })
    const { events, text } = await play(run(turn, deps, callOf()))
    expect(kinds(events)).not.toContain('usage')
    expect(text).toBe(ANSWER)
    expect(team.calls[0]?.message.data?.data).toMatchObject({
      analysts: ['energy'],
      window: { start: '2026-11-16', end: '2026-11-22' },
      compare: { start: '2026-11-09', end: '2026-11-15' },
    })
  })

  test('a state is read from the home, and the answer says demo and offline', async () => {
    const { team, deps } = offlineDeps()
    const { text } = await play(run(turnOf(['Which lights are on?']), deps, callOf()))
    expect(text).toBe(
      '1 of 3 lights is on: Sink light (Kitchen).\n\n_This is the simulated demo home, and the built-in offline model answered._',
    )
    expect(team.calls).toHaveLength(0)
  })

  test.each([
    ['is the garage door open?', /^No: Garage door is closed\./],
    ['what is the temperature in the bedroom?', /^Temperature \(Bedroom\) is 19\.4 °C\./],
    ['and which lights are on in the bedroom?', /^No: Bedroom lamp is off\./],
  ])('state: %s', async (question, answer) => {
    const { text } = await play(run(turnOf([question]), offlineDeps().deps, callOf()))
    expect(text).toMatch(answer)
  })

  test('a wish becomes a proposal in words', async () => {
    const { deps } = offlineDeps()
    const { text, events } = await play(run(turnOf(['Please turn off the kitchen lights']), deps, callOf()))
    expect(text).toContain('**Proposal: Turn off the kitchen lights**')
    expect(text).toContain('`light.turn_off` on `light.kitchen_sink`, `light.kitchen_ceiling`')
    expect(text).toContain('Nothing has been changed')
    expect(kinds(events)).not.toContain('proposal')
  })

  test('small talk needs no tool and no caveat', async () => {
    const { events, text } = await play(run(turnOf(['hello']), offlineDeps().deps, callOf()))
    expect(text).toMatch(/^Hello!/)
    expect(text).not.toContain('demo')
    expect(kinds(events)).not.toContain('delegation')
  })

  test('an empty message is met kindly, without reading the home', async () => {
    const { deps } = offlineDeps()
    const home = { ...deps.home, info: () => Promise.reject(new Error('read')) }
    const { text } = await play(run(turnOf(['  \n ']), { ...deps, home }, callOf()))
    expect(text).toMatch(/empty/)
  })

  test('a voice gets at most two sentences', async () => {
    const { text } = await play(
      run(turnOf(['Which lights are on?'], { brief: true }), offlineDeps().deps, callOf()),
    )
    expect(text.match(/[.!?](?:\s|$)/g)).toHaveLength(2)
  })

  test('json_object gives bare JSON', async () => {
    const { text } = await play(
      run(
        turnOf(['How much did I use last week?'], { responseFormat: { type: 'json_object' } }),
        offlineDeps().deps,
        callOf(),
      ),
    )
    expect(JSON.parse(text)).toEqual({ answer: ANSWER })
  })

  test('json_schema gives the schema’s shape, figures from metrics', async () => {
    const schema = {
      type: 'object',
      properties: {
        summary: { type: 'string' },
        total_kwh: { type: 'number' },
        note: { type: ['string', 'null'] },
      },
      required: ['summary', 'total_kwh'],
    }
    const responseFormat = { type: 'json_schema', json_schema: { name: 'x', schema } }
    const { text } = await play(
      run(turnOf(['How much did I use last week?'], { responseFormat }), offlineDeps().deps, callOf()),
    )
    expect(JSON.parse(text)).toMatchObject({ summary: ANSWER, total_kwh: 84.2 })
  })

  test('two wishes at once are both answered', async () => {
    const { text, result } = await play(
      run(turnOf(['Which lights are on, and how much did I use last week?']), offlineDeps().deps, callOf()),
    )
    expect(text).toContain('1 of 3 lights is on')
    expect(text).toContain('84.20 kWh')
    expect(result?.analysisIds).toEqual(['ana_1'])
  })
})

describe('when the team fails', () => {
  test('a typed error before any finding passes through', async () => {
    const { deps } = offlineDeps([[new AetherError('HOME_UNAVAILABLE')]])
    await expect(play(run(turnOf(['Analyze my energy usage']), deps, callOf()))).rejects.toMatchObject({
      code: 'HOME_UNAVAILABLE',
    })
  })

  test('findings at hand become a partial answer that says what is missing', async () => {
    const { deps } = offlineDeps([
      [{ kind: 'finding', analysisId: 'ana_1', finding: FINDING }, new AetherError('LLM_UNAVAILABLE')],
    ])
    const { text } = await play(run(turnOf(['Analyze my energy usage']), deps, callOf()))
    expect(text).toContain(FINDING.statement)
    expect(text).toContain('incomplete')
  })

  test('whose process is gone, its findings are no answer yet: the run may find it again', async () => {
    const { deps } = offlineDeps([
      [{ kind: 'finding', analysisId: 'ana_1', finding: FINDING }, new AetherError('AGENT_UNAVAILABLE')],
    ])
    await expect(play(run(turnOf(['Analyze my energy usage']), deps, callOf()))).rejects.toMatchObject({
      code: 'AGENT_UNAVAILABLE',
    })
  })

  test('a team that ends without a result is unavailable', async () => {
    const { deps } = offlineDeps([[]])
    await expect(play(run(turnOf(['Analyze my energy usage']), deps, callOf()))).rejects.toMatchObject({
      code: 'AGENT_UNAVAILABLE',
    })
  })

  test('a caller who has left gets no partial answer', async () => {
    const controller = new AbortController()
    const gone = new AetherError('CANCELLED')
    const script = [{ kind: 'finding' as const, analysisId: 'ana_1', finding: FINDING }]
    const { deps } = offlineDeps([script])
    const team = {
      service: 'ds_orchestrator' as const,
      async *call() {
        yield* script
        controller.abort(gone)
        throw gone
      },
    }
    await expect(
      play(
        run(
          turnOf(['Analyze my energy usage']),
          { ...deps, dsOrchestrator: team },
          callOf(controller.signal),
        ),
      ),
    ).rejects.toBe(gone)
  })
})

describe('with another model', () => {
  test('its text streams sentence by sentence, and its reasoning beside', async () => {
    const { deps } = modelDeps([
      { kind: 'reply', text: 'Good morning to you. Sleep well?', reasoning: 'polite' },
    ])
    const { events, text } = await play(run(turnOf(['good morning']), deps, callOf()))
    expect(text).toBe('Good morning to you. Sleep well?')
    expect(kinds(events).filter((kind) => kind === 'text').length).toBeGreaterThan(1)
    expect(events[0]).toMatchObject({ kind: 'status', step: 'read' })
    expect(events[1]).toEqual({ kind: 'reasoning', delta: 'polite' })
  })

  test('numbers that no result holds do not go out', async () => {
    const two = {
      kind: 'reply',
      calls: [analyze({ question: 'a' }), { ...analyze({ question: 'b' }), id: 'x' }],
    } as const
    const { deps } = modelDeps([
      two,
      { kind: 'reply', text: 'You used 84.20 kWh. That is 999.9 kWh less than Mars.' },
    ])
    const { text } = await play(run(turnOf(['compare two things']), deps, callOf()))
    expect(text).toContain('84.20 kWh')
    expect(text).not.toContain('999.9')
  })

  test('bad arguments are told to the model, which may try again', async () => {
    const { deps, fake, team } = modelDeps([
      { kind: 'reply', calls: [{ name: 'analyze', arguments: '{"question": ' }] },
      { kind: 'reply', calls: [analyze({ question: '' })] },
      { kind: 'reply', calls: [{ name: 'fly', arguments: '{}' }] },
      { kind: 'reply', text: 'I could not.' },
    ])
    const { text } = await play(run(turnOf(['x']), deps, callOf()))
    expect(text).toContain('I could not.')
    expect(team.calls).toHaveLength(0)
    const told = fake.requests
      .at(-1)!
      .messages.filter((message) => message.role === 'tool')
      .map((message) => message.content)
    expect(told[0]).toMatch(/not valid JSON/)
    expect(told[1]).toMatch(/arguments\.question/)
    expect(told[2]).toMatch(/no such tool/i)
  })

  test('a model that never stops calling tools is brought to an end', async () => {
    const look = { name: 'find_entities', arguments: '{"query":"light"}' }
    const { deps, fake } = modelDeps([
      {
        kind: 'answer',
        by: (body) =>
          body.tools
            ? { kind: 'reply', calls: [look, { ...look, id: 'b' }, { ...look, id: 'c' }] }
            : { kind: 'reply', text: 'Enough.' },
      },
    ])
    const { text } = await play(run(turnOf(['lights?']), deps, callOf()))
    expect(text).toContain('Enough.')
    expect(fake.requests.length).toBeLessThanOrEqual(8)
  })

  test('at most six analyses are asked for', async () => {
    const calls = Array.from({ length: 9 }, (_, i) => ({ ...analyze({ question: `q${i}` }), id: `c${i}` }))
    const { deps, team } = modelDeps([
      { kind: 'reply', calls },
      { kind: 'reply', text: 'Done.' },
    ])
    await play(run(turnOf(['many']), deps, callOf()))
    expect(team.calls).toHaveLength(6)
    expect(new Set(team.calls.map((each) => each.context.messageId)).size).toBe(6)
  })

  test('a model that is down is a typed error', async () => {
    const { deps } = modelDeps([{ kind: 'status', status: 401 }])
    await expect(play(run(turnOf(['x']), deps, callOf()))).rejects.toMatchObject({ code: 'LLM_UNAVAILABLE' })
  })

  test.each([
    ['a fence', '```json\n{"answer": 1}\n```', '{"answer": 1}'],
    ['prose around it', 'Here you are: {"answer": 1} enjoy', '{"answer": 1}'],
    ['no JSON at all', 'just words', '{"answer":"just words"}'],
  ])('json_object with %s comes out bare', async (_, said, bare) => {
    const { deps } = modelDeps([{ kind: 'reply', text: said }])
    const { text } = await play(
      run(turnOf(['x'], { responseFormat: { type: 'json_object' } }), deps, callOf()),
    )
    expect(text).toBe(bare)
  })

  test('a schema that the model ignores is an error, not a lie', async () => {
    const { deps } = modelDeps([{ kind: 'reply', text: 'just words' }])
    const responseFormat = { type: 'json_schema', json_schema: { schema: { type: 'object' } } }
    await expect(play(run(turnOf(['x'], { responseFormat }), deps, callOf()))).rejects.toMatchObject({
      code: 'LLM_UNAVAILABLE',
    })
  })
})
