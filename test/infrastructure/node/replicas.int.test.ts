import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, read } from '../../harness/chat.ts'
import { type Replicas, startReplicas } from '../../harness/replicas.ts'

interface WireRun {
  readonly state: string
  readonly answer: string | null
  readonly analysis_ids: readonly string[]
  readonly conversation_id: string
  readonly error: { readonly code: string; readonly retryable: boolean } | null
}

const SERVICES = ['ds_analysts', 'ds_orchestrator', 'architect', 'gateway'] as const
const QUESTION = 'How much energy did I use last week?'
const figure = (text: string) => /[\d.]+ kWh/.exec(text)?.[0]

describe('two replicas of every service behind plain balancers', () => {
  let team: Replicas
  beforeAll(async () => {
    team = await startReplicas({ count: 2 })
  }, 120_000)
  afterAll(() => team?.stop())

  it('answer as one: many at once, each right, by both gateways', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        ask(team, `${QUESTION} (${i})`, {}, { 'idempotency-key': `many-${i}` }),
      ),
    )
    expect(answers.every((answer) => answer.done)).toBe(true)
    const figures = new Set(answers.map((answer) => figure(answer.text)))
    expect(figures.size).toBe(1)
    expect([...figures][0]).toMatch(/kWh/)
    for (const replica of [0, 1])
      expect(team.program('gateway', replica).output()).toContain('"route":"/api/v1/chat/completions"')
  })

  it('show a run, its events and its analysis at either gateway, the same', async () => {
    const { runId, text } = await ask(team, QUESTION)
    const seen = await Promise.all(
      team.direct.gateway.map(async (url) => {
        const run = await read<WireRun>(team, `${url}/api/v1/runs/${runId}`)
        const events = await (await team.fetch(`${url}/api/v1/runs/${runId}/events`)).text()
        const analysis = await read<{ confidence: number }>(
          team,
          `${url}/api/v1/analyses/${run.analysis_ids[0]}`,
        )
        return { run, events, analysis }
      }),
    )
    expect(seen[0]?.run.answer).toBe(text)
    expect(seen[1]).toEqual(seen[0])
  })

  it('go on with a conversation, and know a repeated request, wherever it comes in', async () => {
    const headers = { 'x-openwebui-chat-id': 'chat-1' }
    const turn = async (url: string, messages: { role: string; content: string }[], key: string) => {
      const response = await team.fetch(`${url}/api/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
        body: JSON.stringify({ model: 'aether/auto', messages }),
      })
      const body = (await response.json()) as { choices: { message: { content: string } }[] }
      return { text: body.choices[0]?.message.content ?? '', run: response.headers.get('x-aether-run-id') }
    }
    const [one = '', two = ''] = team.direct.gateway
    const first = await turn(one, [{ role: 'user', content: QUESTION }], 'k1')
    const again = await turn(two, [{ role: 'user', content: QUESTION }], 'k1')
    expect(again).toEqual(first)
    const talk = [
      { role: 'user', content: QUESTION },
      { role: 'assistant', content: first.text },
      { role: 'user', content: 'and the week before?' },
    ]
    const second = await turn(two, talk, 'k2')
    const [a, b] = await Promise.all(
      [first.run, second.run].map((id) => read<WireRun>(team, `/api/v1/runs/${id}`)),
    )
    expect(b?.conversation_id).toBe(a?.conversation_id)
    expect(figure(second.text)).not.toBe(figure(first.text))
  })

  it('cancel a run that the other gateway carries out', async () => {
    const [one = '', two = ''] = team.direct.gateway
    const response = await team.fetch(`${one}/api/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'aether/auto',
        stream: true,
        messages: [{ role: 'user', content: 'Analyze all my data' }],
      }),
    })
    const id = response.headers.get('x-aether-run-id')
    const cancelled = await team.fetch(`${two}/api/v1/runs/${id}/cancel`, { method: 'POST' })
    // Where the answer was faster, there is nothing to cancel any more.
    expect([200, 409]).toContain(cancelled.status)
    const text = await response.text()
    expect(text).toContain(cancelled.status === 200 ? '"code":"cancelled"' : '[DONE]')
  })

  it('lose nothing that was accepted when one of each is killed', async () => {
    const send = async (i: number) => {
      const response = await team.fetch('/api/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `kill-${i}` },
        body: JSON.stringify({
          model: 'aether/auto',
          stream: true,
          messages: [{ role: 'user', content: `${QUESTION} [${i}]` }],
        }),
      })
      const id = response.headers.get('x-aether-run-id') ?? ''
      return { i, id, read: response.text().catch(() => 'cut') }
    }
    const runs = await Promise.all(Array.from({ length: 6 }, (_, i) => send(i)))
    await Promise.all(SERVICES.map((service) => team.kill(service, 0)))
    await Promise.all(runs.map((run) => run.read))
    const [, alive = ''] = team.direct.gateway
    const look = (id: string) => read<WireRun>(team, `${alive}/api/v1/runs/${id}`)
    const open = async () => {
      const found = await Promise.all(runs.map(({ id }) => look(id)))
      return found.filter(({ state }) => state !== 'completed' && state !== 'failed').length
    }
    // The leases of the dead have to run out first.
    await expect.poll(open, { timeout: 40_000, interval: 500 }).toBe(0)
    for (const { id } of runs) {
      const run = await look(id)
      expect(run).toMatchObject({ state: 'completed', error: null })
      expect(figure(run.answer ?? '')).toMatch(/kWh/)
      // One analysis each: what was begun twice is kept once.
      expect(run.analysis_ids).toHaveLength(1)
    }
    await Promise.all(SERVICES.map((service) => team.restart(service, 0)))
    expect((await ask(team, QUESTION)).done).toBe(true)
  }, 120_000)
})
