import { describe, expect, it } from 'vitest'
import { readSse } from '../../shared/http/sse-reader.ts'
import { ask, read } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'
import { describeMatrix } from '../matrix.ts'

const QUESTION = 'How much energy did I use yesterday?'

/** Posts a chat as it is, streamed unless the body says otherwise. */
function post(
  deployment: Deployment,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return deployment.fetch('/api/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const asking = (content: string, more: Record<string, unknown> = {}) => ({
  model: 'aether/auto',
  stream: true,
  messages: [{ role: 'user', content }],
  ...more,
})

const runIdOf = (response: Response) => response.headers.get('x-aether-run-id') ?? ''

/** The stored events of a run after a seq, and whether the stream came to its end. */
async function eventsOf(deployment: Deployment, runId: string, after = 0) {
  const response = await deployment.fetch(`/api/v1/runs/${runId}/events?after=${after}`)
  const seqs: number[] = []
  const kinds: string[] = []
  let done = false
  for await (const { id, data } of readSse(response.body!)) {
    if (data === '[DONE]') done = true
    else if (id !== '') {
      seqs.push(Number(id))
      kinds.push((JSON.parse(data) as { event: { kind: string } }).event.kind)
    }
  }
  return { seqs, kinds, done }
}

const code = async (response: Response) =>
  [response.status, ((await response.json()) as { error: { code: string } }).error.code] as const

describeMatrix('chat, as clients rely on it', {}, (deployment) => {
  describe('a stream', () => {
    it('begins with the role, ends once, and sums the usage', async () => {
      const { chunks, done, text } = await ask(deployment(), QUESTION, {
        stream_options: { include_usage: true },
      })
      expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant')
      expect(text).toMatch(/\d+\.\d+ kWh/)
      expect(chunks.filter((chunk) => chunk.choices[0]?.finish_reason != null)).toHaveLength(1)
      expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0)
      expect(done).toBe(true)
    })

    it('can be read again from its events, whole or from the middle', async () => {
      const { runId } = await ask(deployment(), QUESTION)
      const whole = await eventsOf(deployment(), runId)
      expect(whole.seqs).toEqual(whole.seqs.map((_, i) => i + 1))
      expect(whole.kinds.at(-1)).toBe('result')
      expect(whole.done).toBe(true)
      const rest = await eventsOf(deployment(), runId, 3)
      expect(rest.seqs).toEqual(whole.seqs.slice(3))
    })

    it('can be followed by somebody else while it runs', async () => {
      const response = await post(deployment(), asking(QUESTION))
      const followed = eventsOf(deployment(), runIdOf(response))
      await response.text()
      expect((await followed).kinds.at(-1)).toBe('result')
      expect((await followed).done).toBe(true)
    })
  })

  describe('a client that leaves', () => {
    it('stops nothing, and its retry attaches to the same run', async () => {
      const body = asking('What was the highest power last week?')
      const response = await post(deployment(), body)
      const runId = runIdOf(response)
      const reader = response.body!.getReader()
      await reader.read()
      await reader.cancel()
      const retried = await post(deployment(), body, { 'x-stainless-retry-count': '1' })
      expect(runIdOf(retried)).toBe(runId)
      expect(await retried.text()).toMatch(/data: \[DONE\]\s*$/)
      const run = await read<{ state: string; answer: string }>(deployment(), `/api/v1/runs/${runId}`)
      expect(run.state).toBe('completed')
      expect(run.answer).toMatch(/kW/)
    })
  })

  describe('an Idempotency-Key', () => {
    it('leads to one run, and to a conflict with another body', async () => {
      const headers = { 'idempotency-key': crypto.randomUUID() }
      const [first, second] = await Promise.all([
        post(deployment(), asking(QUESTION, { stream: false }), headers),
        post(deployment(), asking(QUESTION, { stream: false }), headers),
      ])
      expect(runIdOf(second)).toBe(runIdOf(first))
      expect(first.status).toBe(200)
      const contentOf = async (response: Response) =>
        ((await response.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message
          .content
      expect(await contentOf(second)).toBe(await contentOf(first))
      const other = await post(deployment(), asking('Which lights are on?'), headers)
      expect(other.status).toBe(409)
    })
  })

  describe('an error', () => {
    it('is told in OpenAI\u2019s shape before anything is stored', async () => {
      const stranger = await post(deployment(), asking(QUESTION), { authorization: 'Bearer nobody' })
      expect(await code(stranger)).toEqual([401, 'invalid_api_key'])
      expect(await code(await post(deployment(), '{'))).toEqual([400, 'malformed_json'])
      const nobody = await post(deployment(), asking(QUESTION, { model: 'aether/nobody' }))
      expect(await code(nobody)).toEqual([404, 'model_not_found'])
      const wrong = await post(deployment(), { model: 'aether/auto', messages: [{ role: 7 }] })
      expect([wrong.status, ((await wrong.json()) as { error: { param: string } }).error.param]).toEqual([
        400,
        'messages[0].role',
      ])
    })

    it('of a run that is not there is a 404', async () => {
      expect((await deployment().fetch('/api/v1/runs/run_nobody')).status).toBe(404)
    })
  })

  it('goes on with a conversation', async () => {
    const first = await ask(deployment(), QUESTION)
    const second = await ask(deployment(), [
      { role: 'user', content: QUESTION },
      { role: 'assistant', content: first.text },
      { role: 'user', content: 'And the day before?' },
    ])
    const idOf = ({ response }: typeof first) => response.headers.get('x-aether-conversation-id')
    expect(idOf(second)).toBe(idOf(first))
    expect(second.text).toContain('22 Nov 2026')
  })
})

describeMatrix('a threshold that nothing reaches', { threshold: 1 }, (deployment) => {
  it('makes another try, visibly and stored, and ends when that gains little', async () => {
    const { events, runId, done } = await ask(deployment(), QUESTION)
    const attempts = events.filter((event) => event.kind === 'attempt').map((event) => event.number)
    expect(attempts).toEqual([1, 2])
    const run = await read<{ analysis_ids: string[] }>(deployment(), `/api/v1/runs/${runId}`)
    const analysis = await read<{ attempts: { number: number }[] }>(
      deployment(),
      `/api/v1/analyses/${run.analysis_ids[0]}`,
    )
    expect(analysis.attempts.map((attempt) => attempt.number)).toEqual([1, 2])
    expect(done).toBe(true)
  })
})
