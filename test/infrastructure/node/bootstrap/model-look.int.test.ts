import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createModelLook } from '../../../../infrastructure/node/bootstrap/model-look.ts'
import { createSecret } from '../../../../shared/config/secret.ts'

const signal = () => new AbortController().signal

/** A provider that answers with the statuses, the last one again and again. */
async function provider(...statuses: number[]): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`)
    response
      .writeHead(statuses.length > 1 ? (statuses.shift() ?? 200) : (statuses[0] ?? 200))
      .end('{"data":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const lookAt = (url: string, now = () => 0) =>
  createModelLook({ baseUrl: `${url}/v1`, apiKey: createSecret('the-key'), model: 'm' }, now)

test.each([
  [200, 'ok', null],
  [404, 'ok', null],
  [401, 'down', 'Check LLM_API_KEY.'],
  [403, 'down', 'Check LLM_API_KEY.'],
  [429, 'degraded', 'Wait, or check the quota there.'],
  [502, 'degraded', 'Wait, or look at its status page.'],
  [308, 'down', 'Set LLM_BASE_URL to the address that it names.'],
])('a provider that answers %i is %s', async (status, state, next) => {
  const { url, asked } = await provider(status)
  const seen = await lookAt(url)(signal())
  expect([seen.state, seen.next ?? null]).toEqual([state, next])
  expect(asked).toEqual(['GET /v1/models Bearer the-key'])
})

test('one that is not there is down, and says what to check', async () => {
  const seen = await lookAt('http://127.0.0.1:1')(signal())
  expect(seen).toMatchObject({ state: 'down', code: 'llm_unavailable' })
  expect(seen.next).toContain('LLM_BASE_URL')
})

test('it is left alone for a while, a shorter one when it failed', async () => {
  const { url, asked } = await provider(500, 200)
  let clock = 0
  const look = lookAt(url, () => clock)
  expect((await look(signal())).state).toBe('degraded')
  clock = 9_999
  expect((await look(signal())).state).toBe('degraded')
  clock = 10_000
  expect((await look(signal())).state).toBe('ok')
  clock = 69_999
  await look(signal())
  expect(asked).toHaveLength(2)
  clock = 70_000
  await look(signal())
  expect(asked).toHaveLength(3)
})
