import { describe, expect, test } from 'vitest'
import { dataBlock } from '../../../../shared/llm/data-block.ts'
import { ask, CONVERSE_TOOLS, converse, HOME, selectFor } from './ask.ts'

const WEEK = { start: '2026-11-16', end: '2026-11-22' }
const OCTOBER = { start: '2026-10-01', end: '2026-10-31' }
const YESTERDAY = { start: '2026-11-23', end: '2026-11-23' }

interface Analysis {
  readonly question: string
  readonly analysts: readonly string[]
  /** Focuses that must be there, the first of them first. */
  readonly focus: readonly string[]
  readonly window?: unknown
  readonly compare?: unknown
}

const ANALYSES: readonly Analysis[] = [
  { question: 'Analyze my energy usage', analysts: ['energy'], focus: ['overview'], window: null },
  {
    question: 'How was 11 March 2026?',
    analysts: ['energy'],
    focus: ['overview'],
    window: { start: '2026-03-11', end: '2026-03-11' },
  },
  { question: 'Please summarise last month', analysts: ['energy'], focus: ['overview'], window: OCTOBER },
  {
    question: 'Analyze all the data',
    analysts: ['energy'],
    focus: ['overview'],
    window: { start: '2025-10-01', end: '2026-11-24' },
  },
  {
    question: 'Give me an energy report for last month',
    analysts: ['energy'],
    focus: ['overview'],
    window: OCTOBER,
  },
  {
    question: 'How much electricity did I use last week?',
    analysts: ['energy'],
    focus: ['total'],
    window: WEEK,
  },
  {
    question: 'How many kWh did we use yesterday?',
    analysts: ['energy'],
    focus: ['total'],
    window: YESTERDAY,
  },
  {
    question: 'How much did I use on Tuesday?',
    analysts: ['energy'],
    focus: ['total'],
    window: { start: '2026-11-17', end: '2026-11-17' },
  },
  {
    question: 'What was my consumption in March 2026?',
    analysts: ['energy'],
    focus: ['total'],
    window: { start: '2026-03-01', end: '2026-03-31' },
  },
  {
    question: 'Energy used in 2026',
    analysts: ['energy'],
    focus: ['total'],
    window: { start: '2026-01-01', end: '2026-12-31' },
  },
  {
    question: 'How much energy did we use from 3 to 9 May 2026?',
    analysts: ['energy'],
    focus: ['total'],
    window: { start: '2026-05-03', end: '2026-05-09' },
  },
  {
    question: 'How much electricity did I use, and what did it cost, from 25 November 2025 to 17 March 2026?',
    analysts: ['energy'],
    focus: ['total', 'cost'],
    window: { start: '2025-11-25', end: '2026-03-17' },
  },
  {
    question: 'What did electricity cost last month?',
    analysts: ['energy'],
    focus: ['cost'],
    window: OCTOBER,
  },
  { question: 'How high was my bill in October?', analysts: ['energy'], focus: ['cost'], window: OCTOBER },
  {
    question: "why was last week's bill so high?",
    analysts: ['energy'],
    focus: ['comparison', 'cost', 'devices'],
    window: WEEK,
  },
  { question: 'When was my peak yesterday?', analysts: ['energy'], focus: ['peak'], window: YESTERDAY },
  { question: 'What is the highest load of the last 30 days?', analysts: ['energy'], focus: ['peak'] },
  { question: 'What is my baseload?', analysts: ['energy'], focus: ['baseload'], window: null },
  { question: 'How much goes to standby?', analysts: ['energy'], focus: ['baseload'] },
  {
    question: 'which device uses most at night?',
    analysts: ['energy'],
    focus: ['night', 'devices'],
    window: null,
  },
  { question: 'How much power do we need overnight?', analysts: ['energy'], focus: ['night'] },
  { question: 'What uses the most energy?', analysts: ['energy'], focus: ['devices'] },
  {
    question: 'How much did the heat pump use yesterday?',
    analysts: ['energy'],
    focus: ['devices'],
    window: YESTERDAY,
  },
  { question: 'Break down my consumption per device', analysts: ['energy'], focus: ['devices'] },
  {
    question: 'How much solar energy did I produce in June?',
    analysts: ['energy'],
    focus: ['solar'],
    window: { start: '2026-06-01', end: '2026-06-30' },
  },
  {
    question: 'How self-sufficient was I last month?',
    analysts: ['energy'],
    focus: ['solar'],
    window: OCTOBER,
  },
  {
    question: 'How much did I export to the grid yesterday?',
    analysts: ['energy'],
    focus: ['solar'],
    window: YESTERDAY,
  },
  {
    question: 'Compare last week with the week before',
    analysts: ['energy'],
    focus: ['comparison'],
    window: WEEK,
    compare: { start: '2026-11-09', end: '2026-11-15' },
  },
  {
    question: 'How does October compare to September?',
    analysts: ['energy'],
    focus: ['comparison'],
    window: OCTOBER,
    compare: { start: '2026-09-01', end: '2026-09-30' },
  },
  {
    question: 'Did I use more last week than the week before?',
    analysts: ['energy'],
    focus: ['comparison'],
    window: WEEK,
  },
  { question: 'What does my daily load profile look like?', analysts: ['energy'], focus: ['profile'] },
  {
    question: 'Was there anything unusual yesterday?',
    analysts: ['energy'],
    focus: ['anomaly'],
    window: YESTERDAY,
  },
  { question: 'How can I save energy?', analysts: ['energy'], focus: ['devices', 'baseload'] },
  { question: 'How can I reduce my bill?', analysts: ['energy'], focus: ['devices', 'cost'] },
  { question: 'What are my routines?', analysts: ['behavioral'], focus: ['routines'] },
  { question: 'Which things do we always switch by hand?', analysts: ['behavioral'], focus: ['routines'] },
  { question: 'Suggest automations', analysts: ['behavioral'], focus: ['automations'] },
  { question: 'What could I automate?', analysts: ['behavioral'], focus: ['automations'] },
  { question: 'What is the biggest energy waster?', analysts: ['energy'], focus: ['devices'] },
  { question: 'How much yesterday?', analysts: ['energy'], focus: ['total'], window: YESTERDAY },
  { question: 'Which automation do people undo?', analysts: ['behavioral'], focus: ['automations'] },
  {
    question: 'What was the most expensive day last week?',
    analysts: ['energy'],
    focus: ['profile', 'cost'],
    window: WEEK,
  },
  {
    question: 'How much do weekends cost compared with weekdays?',
    analysts: ['energy'],
    focus: ['profile', 'cost'],
    compare: null,
  },
  { question: 'Which devices are unavailable?', analysts: ['diagnostic'], focus: ['availability'] },
  { question: 'Is anything wrong with my home?', analysts: ['diagnostic'], focus: ['availability'] },
  { question: 'Are any batteries low?', analysts: ['diagnostic'], focus: ['battery'] },
  { question: 'Show me the errors in the log', analysts: ['diagnostic'], focus: ['log'] },
  { question: 'Are there sensors that are stuck?', analysts: ['diagnostic'], focus: ['quality'] },
  { question: 'Analyze my home', analysts: ['energy', 'behavioral', 'diagnostic'], focus: ['overview'] },
]

test.each(ANALYSES)('analysis: $question', async (row) => {
  const { calls } = await converse([row.question])
  expect(calls.map((call) => call.name)).toEqual(['analyze'])
  const args = calls[0]!.args
  expect(args.question).toBe(row.question)
  expect(args.analysts).toEqual(row.analysts)
  if ('window' in row) expect(args.window).toEqual(row.window)
  if ('compare' in row) expect(args.compare).toEqual(row.compare)
  const selected = await selectFor(args)
  expect(selected.analysts).toEqual(row.analysts)
  expect((selected.focus as string[])[0]).toBe(row.focus[0])
  expect(selected.focus).toEqual(expect.arrayContaining([...row.focus]))
})

test.each<[string, Record<string, unknown>]>([
  ['which lights are on?', { query: '', domain: 'light' }],
  ['Are the kitchen lights off?', { query: 'kitchen', domain: 'light' }],
  ['is the garage door open?', { query: 'garage door' }],
  ['what is the temperature in the bedroom?', { query: 'bedroom', device_class: 'temperature' }],
  ['How warm is it in the living room?', { query: 'living', device_class: 'temperature' }],
  ['Are the windows closed?', { query: '', device_class: 'window' }],
  ['Who is home?', { query: '', domain: 'person' }],
  ['is anyone home?', { query: '', domain: 'person' }],
  ['Is the front door locked?', { query: 'front door' }],
  ['is the washing machine running?', { query: 'washing machine' }],
  ['How much power am I using right now?', { query: 'home power', device_class: 'power' }],
  ['How much solar power is there right now?', { query: 'solar power', device_class: 'power' }],
  ['How full is the EV battery?', { query: 'ev', device_class: 'battery' }],
  ['what is the humidity in the bathroom', { query: 'bathroom', device_class: 'humidity' }],
])('state: %s', async (question, args) => {
  const { calls } = await converse([question])
  expect(calls).toEqual([{ name: 'find_entities', args }])
})

test.each<[string, Record<string, unknown>]>([
  ['turn on the kitchen lights', { query: 'kitchen', domain: 'light' }],
  ['please set the thermostat to 21 degrees', { query: '', domain: 'climate' }],
  ['could you close the garage door?', { query: 'garage door' }],
  ['lights off', { query: '', domain: 'light' }],
  ['turn the porch light on every day at sunset', { query: 'porch', domain: 'light' }],
])('change: %s looks for its entities first', async (wish, args) => {
  const { calls } = await converse([wish])
  expect(calls).toEqual([{ name: 'find_entities', args }])
})

test.each<[string, RegExp]>([
  ['hello', /Hello/],
  ['Thanks a lot!', /welcome/],
  ['who are you?', /offline model/],
  ['What can you do?', /energy totals/],
  ['good night', /Goodbye/],
  ['Tell me a joke about last week', /can't do that offline/],
  ['Write me a poem about love', /can't do that offline/],
  ['What is the capital of France?', /can't do that offline/],
  ['wie viel Strom habe ich letzte Woche verbraucht?', /German.*English only/],
  ['combien avons-nous consommé la semaine dernière ?', /French/],
  ['сколько электричества я потратил?', /another language/],
  ['do something', /What would you like/],
  ['What will my bill be next month?', /no forecasts/],
  ['How much solar power will we produce tomorrow?', /no forecasts/],
  ['How much CO2 did I produce?', /no figures about emissions/],
])('words alone: %s', async (text, answer) => {
  const { calls, text: said } = await converse([text])
  expect(calls).toEqual([])
  expect(said).toMatch(answer)
})

interface FollowUp {
  readonly turns: readonly string[]
  readonly window: unknown
  readonly compare?: unknown
  readonly focus?: string
  readonly says?: RegExp
}

const FOLLOW_UPS: readonly FollowUp[] = [
  {
    turns: ['How much did I use last week?', 'and the week before?'],
    window: { start: '2026-11-09', end: '2026-11-15' },
    focus: 'total',
  },
  {
    turns: ['How much did I use last week?', 'and the week before?', 'and the week before?'],
    window: { start: '2026-11-02', end: '2026-11-08' },
    focus: 'total',
  },
  {
    turns: ['How much did I use last week?', 'hello', 'and the week before?'],
    window: { start: '2026-11-09', end: '2026-11-15' },
  },
  {
    turns: ['Analyze my energy usage', 'and the week before?'],
    window: { start: '2026-11-10', end: '2026-11-16' },
    focus: 'overview',
  },
  {
    turns: ['Analyze my energy usage', 'and compared with the week before?'],
    window: { start: '2026-11-17', end: '2026-11-23' },
    compare: { start: '2026-11-10', end: '2026-11-16' },
    focus: 'comparison',
  },
  { turns: ['What did electricity cost last week?', 'and last month?'], window: OCTOBER, focus: 'cost' },
  { turns: ['What did electricity cost last week?', 'and yesterday?'], window: YESTERDAY, focus: 'cost' },
  {
    turns: ['How much did I use last week?', 'what about the heat pump?'],
    window: WEEK,
    focus: 'devices',
    says: /heat pump/,
  },
  { turns: ['How much did I use last week?', 'and the cost?'], window: WEEK, focus: 'cost' },
  { turns: ['How much did I use last week?', 'and at night?'], window: WEEK, focus: 'night' },
  { turns: ['How much did I use last week?', 'why?'], window: WEEK, focus: 'comparison', says: /explains/ },
  {
    turns: ['What did electricity cost last month?', 'which device uses most at night?'],
    window: OCTOBER,
    focus: 'night',
  },
  { turns: ['which lights are on?', 'how much did I use yesterday?'], window: YESTERDAY, focus: 'total' },
  {
    turns: ['How much did the fridge use last month?', 'what did that cost?'],
    window: OCTOBER,
    focus: 'devices',
    says: /^What did the fridge cost/,
  },
  {
    turns: ['How much did the fridge use last month?', 'and the cost?'],
    window: OCTOBER,
    focus: 'devices',
    says: /^What did the fridge cost/,
  },
  {
    turns: ['How much did I use last week?', 'and the week before?', 'which of these cost most?'],
    window: { start: '2026-11-09', end: '2026-11-15' },
    compare: WEEK,
    focus: 'comparison',
    says: /cost/,
  },
  {
    turns: ['How much did I use last week?', 'and in October?', 'which of the two was higher?'],
    window: OCTOBER,
    compare: WEEK,
    focus: 'comparison',
  },
  {
    turns: ['How much did I use last week?', 'Compare that with the week before'],
    window: WEEK,
    compare: { start: '2026-11-09', end: '2026-11-15' },
    focus: 'comparison',
  },
]

test.each(FOLLOW_UPS)('follow-up: $turns', async ({ turns, window, compare, focus, says }) => {
  const { calls } = await converse(turns)
  expect(calls.map((call) => call.name)).toEqual(['analyze'])
  const args = calls[0]!.args
  expect(args.window).toEqual(window)
  expect(args.compare).toEqual(compare ?? null)
  if (says) expect(args.question).toMatch(says)
  if (focus) expect(((await selectFor(args)).focus as string[])[0]).toBe(focus)
})

test('a misspelt day is still that day', async () => {
  const { calls } = await converse(['how mutch did i use yestarday'])
  expect(calls[0]?.args.window).toEqual(YESTERDAY)
})

test('a question about states is followed up elsewhere', async () => {
  const { calls } = await converse(['which lights are on?', 'and in the kitchen?'])
  expect(calls).toEqual([{ name: 'find_entities', args: { query: 'kitchen', domain: 'light' } }])
})

test('two different wishes become two calls', async () => {
  const { calls } = await converse(['which lights are on, and how much energy did I use yesterday?'])
  expect(calls.map((call) => call.name)).toEqual(['find_entities', 'analyze'])
  expect(calls[1]?.args.window).toEqual(YESTERDAY)
})

const system = { role: 'system' as const, content: dataBlock('home', HOME, 'n') }
const light = (name: string, state: string) => ({
  entity_id: `light.${name}`,
  name,
  area: 'Kitchen',
  domain: 'light',
  device_class: null,
  unit: null,
  state,
})

function afterTool(question: string, calls: readonly { name: string; block: string; value: unknown }[]) {
  return [
    system,
    { role: 'user' as const, content: question },
    {
      role: 'assistant' as const,
      content: null,
      tool_calls: calls.map((call, i) => ({
        id: `c${i}`,
        type: 'function' as const,
        function: { name: call.name, arguments: '{}' },
      })),
    },
    ...calls.map((call, i) => ({
      role: 'tool' as const,
      tool_call_id: `c${i}`,
      content: dataBlock(call.block, call.value, 'n'),
    })),
  ]
}

describe('with results at hand', () => {
  test('states are worded', async () => {
    const found = { total: 2, exact: true, entities: [light('Sink', 'on'), light('Ceiling', 'off')] }
    const messages = afterTool('which lights are on?', [
      { name: 'find_entities', block: 'entities', value: found },
    ])
    expect((await ask(messages, CONVERSE_TOOLS)).text).toBe('1 of 2 lights is on: Sink (Kitchen).')
  })

  test('a change becomes a proposal of exact services, and the answer says that nothing happened', async () => {
    const found = { total: 1, exact: true, entities: [light('Sink', 'on')] }
    const first = [{ name: 'find_entities', block: 'entities', value: found }]
    const { calls } = await ask(afterTool('turn off the sink light', first), CONVERSE_TOOLS)
    expect(calls[0]).toMatchObject({
      name: 'propose_change',
      args: {
        title: 'Turn off the sink light',
        actions: [{ service: 'light.turn_off', entity_ids: ['light.Sink'] }],
      },
    })
    const proposal = { ...calls[0]!.args, executed: false }
    const said = await ask(
      afterTool('turn off the sink light', [
        ...first,
        { name: 'propose_change', block: 'proposal', value: proposal },
      ]),
      CONVERSE_TOOLS,
    )
    expect(said.text).toMatch(/Proposal: Turn off the sink light/)
    expect(said.text).toMatch(/Nothing has been changed/)
  })

  test('a wish about nothing that exists is no proposal', async () => {
    const none = [
      { name: 'find_entities', block: 'entities', value: { total: 0, exact: true, entities: [] } },
    ]
    const { calls, text } = await ask(afterTool('turn off the disco ball', none), CONVERSE_TOOLS)
    expect(calls).toEqual([])
    expect(text).toMatch(/Nothing has been changed/)
  })

  test('mixed results stand one after the other', async () => {
    const found = { total: 1, exact: true, entities: [light('Sink', 'on')] }
    const messages = afterTool('which lights are on, and how much energy did I use yesterday?', [
      { name: 'find_entities', block: 'entities', value: found },
      {
        name: 'analyze',
        block: 'analysis',
        value: { question: 'q', text: 'You used 9.10 kWh.', metrics: [] },
      },
    ])
    expect((await ask(messages, [])).text).toBe('Yes: Sink (Kitchen) is on.\n\nYou used 9.10 kWh.')
  })

  test('an error of a tool is said', async () => {
    const messages = afterTool('which lights are on?', [
      { name: 'find_entities', block: 'error', value: { message: 'No such thing.' } },
    ])
    expect((await ask(messages, CONVERSE_TOOLS)).text).toBe('No such thing.')
  })
})
