import { beforeAll, describe, expect, it } from 'vitest'
import { findNumbers } from '../../shared/analysis/prose/numbers.ts'
import { ask, read, type Streamed } from '../harness/chat.ts'
import { describeMatrix } from '../matrix.ts'

interface WireAnalysis {
  readonly id: string
  readonly window: { readonly start: string; readonly end: string }
  readonly confidence: number
  readonly attempts: readonly { readonly number: number }[]
  readonly metrics: readonly {
    readonly name: string
    readonly label: string | null
    readonly value: number
    readonly unit: string
    readonly at: string | null
    readonly coverage: number
  }[]
  readonly scripts: readonly { readonly exit_class: string; readonly tier: string }[]
}
interface WireRun {
  readonly state: string
  readonly answer: string
  readonly analysis_ids: readonly string[]
  readonly usage: { readonly total_tokens: number }
}

describeMatrix('the main job', {}, (deployment) => {
  describe("the guide's own request", () => {
    let answer: Streamed
    let analysis: WireAnalysis
    beforeAll(async () => {
      answer = await ask(deployment(), 'Analyze my energy usage', { model: 'gpt-4o', agent: 'auto' })
      const run = await read<WireRun>(deployment(), `/api/v1/runs/${answer.runId}`)
      analysis = await read<WireAnalysis>(deployment(), `/api/v1/analyses/${run.analysis_ids[0]}`)
    })
    const value = (name: string) => analysis.metrics.find((m) => m.name === name && m.label === null)!

    it('comes the whole way, and every hop is seen', () => {
      const hops = answer.events.filter((e) => e.kind === 'delegation').map((e) => `${e.from}>${e.to}`)
      expect(hops.slice(0, 4)).toEqual([
        'gateway>orchestrator',
        'orchestrator>architect',
        'architect>ds_orchestrator',
        'ds_orchestrator>ds_analysts',
      ])
      expect(answer.events.find((e) => e.to === 'ds_analysts')?.analysts).toEqual(['energy'])
    })

    it('runs a script in real gVisor', () => {
      expect(analysis.scripts.map((s) => [s.exit_class, s.tier])).toEqual([['ok', 'gvisor']])
    })

    it('says demo and offline, and names total, cost, peak and baseload with units', () => {
      expect(answer.text).toMatch(/demo/i)
      expect(answer.text).toMatch(/offline/i)
      for (const pattern of [/\d+\.\d+ kWh/, /\d+\.\d\d EUR/, /\d+\.\d+ kW\b/, /\d+ W\b/, /\d\d:\d\d/])
        expect(answer.text).toMatch(pattern)
    })

    it('is right about the simulation', () => {
      const span = { start: Date.parse(analysis.window.start), end: Date.parse(analysis.window.end) }
      const truth = deployment().demo.truth(span)
      const off = (a: number, b: number) => Math.abs(a - b) / b
      expect(off(value('energy_total').value, truth.totalKwh)).toBeLessThan(0.005)
      expect(off(value('energy_cost').value, truth.cost)).toBeLessThan(0.005)
      expect(value('peak_power_60m').at).toBe(new Date(truth.peak60.startMs).toISOString())
      expect(off(value('baseload_p5').value, truth.alwaysOnW)).toBeLessThan(0.05)
      expect(off(value('baseload_mode').value, truth.alwaysOnW)).toBeLessThan(0.05)
    })

    it('says no figure that is not in the ledger', () => {
      const energy = [...answer.text.matchAll(/(\d+(?:\.\d+)?) kWh/g)].map((m) => Number(m[1]))
      expect(energy.length).toBeGreaterThan(2)
      const ledger = analysis.metrics.filter((m) => m.unit === 'kWh').map((m) => Math.abs(m.value))
      for (const figure of energy) expect(ledger.some((known) => Math.abs(known - figure) <= 0.05)).toBe(true)
      expect(findNumbers(answer.text).length).toBeGreaterThan(5)
    })

    it('ends once, with real usage, and is the run that is stored', async () => {
      expect(answer.done).toBe(true)
      expect(answer.chunks[0]?.choices[0]?.delta.role).toBe('assistant')
      expect(answer.chunks.filter((c) => c.choices[0]?.finish_reason).length).toBe(1)
      const run = await read<WireRun>(deployment(), `/api/v1/runs/${answer.runId}`)
      expect(run).toMatchObject({ state: 'completed', answer: answer.text })
      const usage = answer.chunks.at(-1)?.usage
      expect(usage?.total_tokens).toBe(run.usage.total_tokens)
      expect(usage?.total_tokens).toBeGreaterThan(0)
    })

    it('gives the same facts without streaming', async () => {
      const response = await deployment().fetch('/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'gpt-4o',
          agent: 'auto',
          stream: false,
          messages: [{ role: 'user', content: 'Analyze my energy usage' }],
        }),
      })
      const body = (await response.json()) as { choices: { message: { content: string } }[] }
      const figures = (text: string) =>
        new Set([...text.matchAll(/[\d.]+ (?:kWh|EUR|kW|W)\b/g)].map((m) => m[0]))
      expect(figures(body.choices[0]!.message.content)).toEqual(figures(answer.text))
    })
  })

  it('skips the orchestrator for agent architect', async () => {
    const { events } = await ask(deployment(), 'How much energy did I use yesterday?', { agent: 'architect' })
    expect(JSON.stringify(events)).not.toContain('"orchestrator"')
    expect(events.filter((e) => e.kind === 'delegation').map((e) => e.from)).toEqual([
      'gateway',
      'architect',
      'ds_orchestrator',
    ])
  })

  it.each([
    'aether/auto',
    'aether/architect',
    'aether/energy',
    'aether/behavioral',
    'aether/diagnostic',
    'aether/utility',
  ])('%s works', async (model) => {
    const { text, done, chunks } = await ask(deployment(), 'What should I know about my home?', { model })
    expect(done).toBe(true)
    expect(chunks[0]?.model).toBe(model)
    expect(text.length).toBeGreaterThan(10)
  })

  it.each([
    ['which device uses most at night?', /at night/i],
    ['which lights are on?', /light|lamp/i],
    ['which batteries are low?', /8 %/],
    ['turn off the kitchen light', /propos|approv|not (?:been )?(?:changed|switched)/i],
    ['hello!', /hello|hi|help/i],
    ['what will the stock market do tomorrow?', /offline|cannot|can't/i],
  ])('answers "%s" by what it asks', async (question, pattern) => {
    expect((await ask(deployment(), question)).text).toMatch(pattern)
  })

  it('answers turn two as turn two', async () => {
    const first = {
      role: 'user',
      content: 'How much energy did I use from 9 November 2026 to 15 November 2026?',
    }
    const one = await ask(deployment(), [first])
    const two = await ask(deployment(), [
      first,
      { role: 'assistant', content: one.text },
      { role: 'user', content: 'and compared with the week before?' },
    ])
    expect(two.text).not.toBe(one.text)
    expect(two.text).toMatch(/2 Nov 2026 to 8 Nov 2026/)
    expect(two.response.headers.get('x-aether-conversation-id')).toBe(
      one.response.headers.get('x-aether-conversation-id'),
    )
  })

  it('does not put two clients with the same opening line into one conversation', async () => {
    const [a, b] = await Promise.all([ask(deployment(), 'hi there'), ask(deployment(), 'hi there')])
    expect(a.response.headers.get('x-aether-conversation-id')).not.toBe(
      b.response.headers.get('x-aether-conversation-id'),
    )
  })

  it('finishes the run of a client that left, and replays it whole', async () => {
    const left = new AbortController()
    const response = await deployment().fetch('/api/v1/chat/completions', {
      method: 'POST',
      signal: left.signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'aether/auto',
        stream: true,
        messages: [{ role: 'user', content: 'What did the last 3 days cost?' }],
      }),
    })
    const runId = response.headers.get('x-aether-run-id')
    left.abort()
    const replay = await deployment().fetch(`/api/v1/runs/${runId}/events?after=0`)
    const frames = (await replay.text()).split('\n\n').filter((frame) => frame.includes('data: '))
    expect(frames.at(-1)).toBe('data: [DONE]')
    const seqs = frames.flatMap((frame) => /^id: (\d+)/m.exec(frame)?.[1] ?? []).map(Number)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
    expect(await read<WireRun>(deployment(), `/api/v1/runs/${runId}`)).toMatchObject({ state: 'completed' })
  })
})
