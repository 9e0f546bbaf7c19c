import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createGate, createScriptedAgent, resultEvent, textEvents } from '../../../fakes/scripted-agent.ts'
import { withDatabase } from '../../../harness/database.ts'
import { json, parseSse, type SseFrame } from '../sse.ts'
import { ask, clearTables, createEchoAgent, createTestGateway, OTHER_KEY, runIdOf } from '../support.ts'

const database = withDatabase()
beforeEach(() => clearTables(database.db))

type Test = ReturnType<typeof createTestGateway>

async function eventsOf(t: Test, id: string, query = '', headers = {}): Promise<SseFrame[]> {
  return parseSse(await (await t.request(`/api/v1/runs/${id}/events${query}`, { headers })).text())
}
const seqsOf = (frames: SseFrame[]) =>
  frames.flatMap((frame) => (frame.id === null ? [] : [Number(frame.id)]))
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** The text that a reader has after placing every piece by its offset. */
function placed(frames: SseFrame[]): string {
  let text = ''
  for (const { data } of frames)
    if (data.event?.kind === 'text')
      text =
        text.slice(0, data.event.offset) +
        data.event.delta +
        text.slice(data.event.offset + data.event.delta.length)
  return text
}

/** Reads a response's stream until it holds the text, and gives back the reader. */
async function readUntil(response: Response, mark: string) {
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  let text = ''
  while (!text.includes(mark)) text += decoder.decode((await reader.read()).value)
  return { reader, text }
}

describe('GET /runs/{id}/events', () => {
  test('replays an ended run: ids are seqs, stored text is the answer, result, then the end marker', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const id = runIdOf(await t.chat(ask('hello')))
    const frames = await eventsOf(t, id)
    expect(seqsOf(frames)).toEqual(from(1, frames.length - 1))
    expect(frames.at(-1)?.data).toBe('[DONE]')
    expect(frames.at(-2)?.data).toEqual({
      seq: frames.length - 1,
      at: expect.any(String),
      service: 'gateway',
      event: { kind: 'result', text: 'Answer to: hello', analysis_ids: [] },
    })
    expect(placed(frames)).toBe('Answer to: hello')
    expect(frames.filter((frame) => frame.data.event?.kind === 'text')).toHaveLength(1)
  })

  test('goes on after a seq, by query or by Last-Event-ID', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const id = runIdOf(await t.chat(ask('hello')))
    const all = seqsOf(await eventsOf(t, id))
    expect(seqsOf(await eventsOf(t, id, '?after=3'))).toEqual(all.slice(3))
    expect(seqsOf(await eventsOf(t, id, '', { 'last-event-id': '3' }))).toEqual(all.slice(3))
    expect(await eventsOf(t, id, '?after=999')).toMatchObject([{ data: '[DONE]' }])
  })

  test('a reader cut in the middle misses and repeats nothing', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [
      { kind: 'status', text: 'one' },
      ...textEvents(['Last ', 'week ']),
      { kind: 'status', text: 'two' },
      { wait: gate.opened },
      { kind: 'status', text: 'three' },
      resultEvent('Last week used 84.2 kWh'),
    ])
    const t = createTestGateway(database.db, agent)
    const chat = await t.chat(ask('x', { stream: true }))
    const { reader, text } = await readUntil(await t.request(`/api/v1/runs/${runIdOf(chat)}/events`), '"two"')
    const before = seqsOf(parseSse(text))
    await reader.cancel()
    const rest = eventsOf(t, runIdOf(chat), `?after=${before.at(-1)}`)
    gate.open()
    const after = await rest
    const seqs = [...before, ...seqsOf(after)]
    expect(seqs).toEqual(from(1, seqs.length))
    expect(placed(after)).toBe('Last week used 84.2 kWh')
    await chat.text()
  })

  test('live deltas have an offset and no seq', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [
      ...textEvents(['Last ', 'week']),
      { wait: gate.opened },
      resultEvent('Last week'),
    ])
    const t = createTestGateway(database.db, agent)
    const chat = await t.chat(ask('x', { stream: true }))
    const { reader, text } = await readUntil(await t.request(`/api/v1/runs/${runIdOf(chat)}/events`), 'week')
    const live = parseSse(text).filter((frame) => frame.data.event.kind === 'text')
    expect(live.every((frame) => frame.id === null && !('seq' in frame.data))).toBe(true)
    expect(placed(parseSse(text))).toBe('Last week')
    gate.open()
    await reader.cancel()
    await chat.text()
  })

  test('somebody else sees nothing: JSON 404, as for a run that never was', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const id = runIdOf(await t.chat(ask('hello')))
    for (const path of [`/api/v1/runs/${id}`, `/api/v1/runs/${id}/events`, '/api/v1/runs/run_none/events']) {
      const response = await t.request(path, { key: OTHER_KEY })
      expect(response.status).toBe(404)
      expect((await json(response)).error.code).toBe('not_found')
    }
    const cancel = await t.request(`/api/v1/runs/${id}/cancel`, { key: OTHER_KEY, method: 'POST' })
    expect(cancel.status).toBe(404)
  })

  test('a seq that is none is refused', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const id = runIdOf(await t.chat(ask('hello')))
    const response = await t.request(`/api/v1/runs/${id}/events?after=-1`)
    expect(response.status).toBe(400)
    expect((await json(response)).error.param).toBe('after')
  })
})

describe('leaving is not cancelling', () => {
  test.each([true, false])('a client that goes away changes nothing (stream: %s)', async (stream) => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('done')])
    const t = createTestGateway(database.db, agent)
    const gone = new AbortController()
    const pending = t.chat(ask('x', { stream }), { signal: gone.signal })
    if (stream) await (await pending).body?.cancel()
    else {
      await new Promise((resolve) => setTimeout(resolve, 50))
      gone.abort()
      await pending
    }
    gate.open()
    await t.settled()
    const { data } = await json(await t.request('/api/v1/conversations'))
    const conversation = await json(await t.request(`/api/v1/conversations/${data[0].id}`))
    const id = conversation.runs[0].id
    expect(await t.run(id)).toMatchObject({ state: 'completed', answer: 'done' })
    expect(seqsOf(await eventsOf(t, id))).toEqual([1, 2, 3])
    expect(agent.left).toBe(0)
  })
})

describe('POST /runs/{id}/cancel', () => {
  test('stops the agents and ends every reader with a typed error', async () => {
    const agent = createScriptedAgent(() => [...textEvents(['Last ']), { wait: new Promise(() => {}) }])
    const t = createTestGateway(database.db, agent)
    const chat = await t.chat(ask('x', { stream: true }))
    const id = runIdOf(chat)
    const { reader, text } = await readUntil(chat, 'Last ')
    const events = eventsOf(t, id)
    const cancelled = await t.request(`/api/v1/runs/${id}/cancel`, { method: 'POST' })
    expect(await json(cancelled)).toMatchObject({ id, state: 'cancelled', error: { code: 'cancelled' } })
    const rest = await new Response(
      new ReadableStream({
        async pull(out) {
          const { done, value } = await reader.read()
          if (done) out.close()
          else out.enqueue(value)
        },
      }),
    ).text()
    const frames = parseSse(text + rest)
    expect(frames.at(-2)?.data.error.code).toBe('cancelled')
    expect(frames.at(-1)?.data).toBe('[DONE]')
    expect((await events).at(-2)?.data.event).toMatchObject({ kind: 'error', code: 'cancelled' })
    await t.settled()
    expect(agent.left).toBe(1)
    expect(agent.calls[0]?.call.signal.aborted).toBe(true)
    expect((await t.run(id)).state).toBe('cancelled')
  })

  test('is the same twice, and a conflict on a run that has ended', async () => {
    const agent = createScriptedAgent((turn) =>
      turn.messages[0]?.content === 'x' ? [{ wait: new Promise(() => {}) }] : [resultEvent('ok')],
    )
    const t = createTestGateway(database.db, agent)
    const open = await t.chat(ask('x', { stream: true }))
    const path = `/api/v1/runs/${runIdOf(open)}/cancel`
    expect((await t.request(path, { method: 'POST' })).status).toBe(200)
    expect((await t.request(path, { method: 'POST' })).status).toBe(200)
    expect(await open.text()).toContain('cancelled')
    const done = await t.chat(ask('y'))
    const response = await t.request(`/api/v1/runs/${runIdOf(done)}/cancel`, { method: 'POST' })
    expect(response.status).toBe(409)
    expect((await json(response)).error).toMatchObject({
      code: 'conflict',
      message: 'The run has already ended: completed.',
    })
  })

  test('a non-streaming answer of a cancelled run is its typed error, with the run named', async () => {
    const t = createTestGateway(
      database.db,
      createScriptedAgent(() => [{ wait: new Promise(() => {}) }]),
    )
    const pending = t.chat(ask('x', { conversation_id: 'c' }))
    const data = await vi.waitFor(
      async () => {
        const listed = (await json(await t.request('/api/v1/conversations'))).data
        expect(listed).toHaveLength(1)
        return listed
      },
      { timeout: 30_000 },
    )
    const { runs } = await json(await t.request(`/api/v1/conversations/${data[0].id}`))
    await t.request(`/api/v1/runs/${runs[0].id}/cancel`, { method: 'POST' })
    const response = await pending
    expect(response.status).toBe(409)
    expect(runIdOf(response)).toBe(runs[0].id)
    expect((await json(response)).error.code).toBe('cancelled')
  })
})
