import { expect, test } from 'vitest'
import { dataBlock } from '../../../../shared/llm/data-block.ts'
import { ask, askWithBlock } from './ask.ts'

const finding = (kind: string, title: string, statement: string, analyst = 'energy') => ({
  analyst,
  kind,
  title,
  statement,
  confidence: { value: 0.9, factors: [] },
})
const LEDGER = {
  question: 'Analyze my energy usage',
  brief: false,
  home: {},
  window: { local: '17 Nov 2026 to 23 Nov 2026' },
  compare: null,
  findings: [
    finding(
      'total',
      'Total',
      'From 17 Nov 2026 to 23 Nov 2026 the home used 84.20 kWh. That is 12.03 kWh a day.',
    ),
    finding('peak', 'Peak', 'The highest hour was 3.15 kW, from 18:00 on 19 Nov 2026.'),
  ],
  metrics: [],
  confidence: { value: 0.82, weakest: 'coverage', reason: '97 % of the hours are there' },
  caveats: ['This is the demo home, a simulation', 'The built-in offline model worded this answer.'],
}
const worded = async (change: Record<string, unknown> = {}) =>
  (await askWithBlock('ledger', { ...LEDGER, ...change })).text

test('headline first, then the others, the caveats, the confidence', async () => {
  expect(await worded()).toBe(
    [
      '**From 17 Nov 2026 to 23 Nov 2026 the home used 84.20 kWh.** That is 12.03 kWh a day.',
      '- **Peak**: The highest hour was 3.15 kW, from 18:00 on 19 Nov 2026.',
      'This is the demo home, a simulation. The built-in offline model worded this answer.',
      'Confidence: 82 %. It is limited by this: 97 % of the hours are there.',
    ].join('\n\n'),
  )
})

test('a comparison does without the total that it states, and the fit of automations without ideas for new ones', async () => {
  const compared = await worded({
    question: 'Compare last week with the week before',
    findings: [finding('comparison', 'Compared', 'The home used 84.20 kWh, 3 kWh more.'), LEDGER.findings[0]],
  })
  expect(compared).not.toContain('a day')
  const undone = await worded({
    question: 'Which automation do people undo?',
    findings: [
      finding('automations', 'Automations', 'The blind was undone 10 times.', 'behavioral'),
      finding('routines', 'Routines', 'The lamp is set by hand.', 'behavioral'),
    ],
  })
  expect(undone).toContain('**The blind was undone 10 times.**')
  expect(undone).not.toContain('by hand')
})

test('for a voice: two sentences that still say demo and offline', async () => {
  expect(await worded({ brief: true })).toBe(
    'From 17 Nov 2026 to 23 Nov 2026 the home used 84.20 kWh. This is the demo home and the offline model answered.',
  )
})

test('without findings it says so, and gives no confidence', async () => {
  const text = await worded({ findings: [] })
  expect(text).toMatch(/^Nothing could be found out about 17 Nov 2026/)
  expect(text).not.toContain('Confidence')
})

test('a rewrite leaves out the sentences with the numbers named, and keeps the rest', async () => {
  const messages = [
    { role: 'user' as const, content: dataBlock('ledger', LEDGER, 'n') },
    { role: 'assistant' as const, content: 'first try' },
    { role: 'user' as const, content: dataBlock('unmatched', { numbers: ['12.03 kWh', '97 %'] }, 'n') },
  ]
  const { text } = await ask(messages, [])
  expect(text).toContain('84.20 kWh')
  expect(text).toContain('Confidence: 82 %.')
  expect(text).not.toMatch(/12\.03|97 %/)
})

test('a name that carries an image or a link is taken apart', async () => {
  const text = await worded({
    findings: [finding('total', 'Total', '![x](http://evil.test/?q) used 1.00 kWh.')],
  })
  expect(text).not.toContain('![')
  expect(text).not.toContain('](')
})

test('a ledger of any shape is no crash', async () => {
  for (const value of [{}, [], 3, { findings: 'x', caveats: [1] }, { window: null, confidence: null }])
    expect((await askWithBlock('ledger', value)).text).not.toBe('')
})

test('what the headline says is not said again in the list', async () => {
  const cost = finding('cost', 'Cost', 'From 17 Nov 2026 to 23 Nov 2026 electricity cost 29.48 EUR.')
  const text = await worded({ findings: [LEDGER.findings[0], cost] })
  expect(text).toContain('- **Cost**: Electricity cost 29.48 EUR.')
})

test('a question about one thing is answered with that, and with what puts it into proportion', async () => {
  const findings = [
    finding('battery', 'Batteries', 'Garage door sensor is at 8 %.', 'diagnostic'),
    finding('availability', 'Availability', 'Bathroom window is unavailable.', 'diagnostic'),
    finding('log', 'Log', 'The log repeats itself 60 times.', 'diagnostic'),
  ]
  const text = await worded({ question: 'Are any batteries low?', findings })
  expect(text).toContain('8 %')
  expect(text).not.toMatch(/unavailable|60 times/)
  expect(text).not.toContain('17 Nov 2026 to 23 Nov 2026')
  expect(await worded({ question: 'Is anything wrong?', findings })).toContain(
    'The days looked at are 17 Nov 2026 to 23 Nov 2026.',
  )
  expect(await worded({ question: 'Is anything wrong?', findings })).toContain('unavailable')
})

test('a figure about energy never stands without its days; a present state is not put into the past', async () => {
  const cost = finding('cost', 'Cost', 'Electricity cost 29.48 EUR.')
  expect(await worded({ findings: [cost] })).toMatch(/^17 Nov 2026 to 23 Nov 2026: \*\*Electricity cost/)
  const battery = finding('battery', 'Batteries', 'Garage door sensor is at 8 %.', 'diagnostic')
  expect(await worded({ findings: [battery] })).toMatch(/^\*\*Garage door sensor/)
})
