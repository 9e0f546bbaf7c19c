import { expect, test } from 'vitest'
import { createBreaker } from '../../../shared/http/breaker.ts'
import { fetchWithin } from '../../../shared/http/client.ts'
import type { Fetch } from '../../../shared/http/fetch.ts'
import { createRetryBudget } from '../../../shared/http/retry-budget.ts'

const { signal } = new AbortController()
const request = () => new Request('http://peer.test/', { signal })

/** A peer that answers by the list, one entry a try; an Error is a connection that fails. */
function peer(answers: (number | Error)[]): { fetch: Fetch; tries: () => number } {
  let tries = 0
  return {
    tries: () => tries,
    fetch: async () => {
      const answer = answers[Math.min(tries++, answers.length - 1)] ?? 200
      if (answer instanceof Error) throw answer
      return new Response('body', { status: answer })
    },
  }
}

function waits() {
  const list: number[] = []
  return { list, sleep: async (ms: number) => void list.push(ms) }
}

test('a refused connection and 503 are tried again, at most twice', async () => {
  const { fetch, tries } = peer([new TypeError('refused'), 503, 200])
  const { list, sleep } = waits()
  expect((await fetchWithin(fetch, request, { signal, sleep })).status).toBe(200)
  expect(tries()).toBe(3)
  expect(list).toEqual([50, 100])
})

test('when nobody answers it is AGENT_UNAVAILABLE with the cause', async () => {
  const { fetch, tries } = peer([new TypeError('refused')])
  const { sleep } = waits()
  await expect(fetchWithin(fetch, request, { signal, sleep })).rejects.toMatchObject({
    code: 'AGENT_UNAVAILABLE',
    cause: { message: 'refused' },
  })
  expect(tries()).toBe(3)
})

test('the last refusal is given back as it is', async () => {
  const { fetch, tries } = peer([503])
  const response = await fetchWithin(fetch, request, { signal, sleep: waits().sleep })
  expect(response.status).toBe(503)
  expect(await response.text()).toBe('body')
  expect(tries()).toBe(3)
})

test.each([200, 400, 401, 409, 413, 500, 504])('%i is an answer and is not tried again', async (status) => {
  const { fetch, tries } = peer([status])
  await fetchWithin(fetch, request, { signal, sleep: waits().sleep })
  expect(tries()).toBe(1)
})

test('without budget there is no retry', async () => {
  const { fetch, tries } = peer([503])
  const budget = createRetryBudget({ now: () => 0, perSecond: 0, ratio: 0 })
  await fetchWithin(fetch, request, { signal, budget, sleep: waits().sleep })
  expect(tries()).toBe(1)
})

test('an open breaker asks nobody, and a good answer closes it', async () => {
  let time = 0
  const breaker = createBreaker({ now: () => time, inARow: 1 })
  const { fetch, tries } = peer([new TypeError('refused'), 200])
  const options = { signal, breaker, retries: 0, sleep: waits().sleep }
  await expect(fetchWithin(fetch, request, options)).rejects.toMatchObject({ code: 'AGENT_UNAVAILABLE' })
  await expect(fetchWithin(fetch, request, options)).rejects.toMatchObject({ code: 'AGENT_UNAVAILABLE' })
  expect(tries()).toBe(1)
  time = 5_000
  expect((await fetchWithin(fetch, request, options)).status).toBe(200)
  expect(breaker.state).toBe('closed')
})

test('"too many" does not open the breaker', async () => {
  const breaker = createBreaker({ now: () => 0, inARow: 1 })
  await fetchWithin(peer([429]).fetch, request, { signal, breaker, sleep: waits().sleep })
  expect(breaker.state).toBe('closed')
})

test('an abort throws its reason, during the call and while it waits', async () => {
  const reason = new Error('cancelled')
  const during = new AbortController()
  const hanging: Fetch = () =>
    new Promise((_, reject) => {
      during.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
  const call = fetchWithin(hanging, () => new Request('http://peer.test/'), { signal: during.signal })
  during.abort(reason)
  await expect(call).rejects.toBe(reason)

  const waiting = new AbortController()
  const { fetch, tries } = peer([503])
  const slow = fetchWithin(
    async (sent) => {
      queueMicrotask(() => setTimeout(() => waiting.abort(reason), 1))
      return fetch(sent)
    },
    request,
    { signal: waiting.signal },
  )
  await expect(slow).rejects.toBe(reason)
  expect(tries()).toBe(1)
})

test('the signal goes beside every try', async () => {
  const signals: (AbortSignal | undefined)[] = []
  const fetch: Fetch = async (_, init) => {
    signals.push(init?.signal)
    return new Response(null, { status: signals.length === 1 ? 503 : 200 })
  }
  await fetchWithin(fetch, () => new Request('http://peer.test/'), { signal, sleep: async () => {} })
  expect(signals).toEqual([signal, signal])
})
