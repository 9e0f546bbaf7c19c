import { expect, test } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { createApp } from '../../../shared/http/app.ts'
import { createMetrics } from '../../../shared/http/metrics.ts'
import { sseResponse } from '../../../shared/http/sse-writer.ts'
import { parsePrometheus } from '../../harness/prometheus-text.ts'
import { appOptions } from './app-options.ts'

function setup() {
  const metrics = createMetrics()
  const app = createApp(appOptions([], { metrics }))
  app.on('GET', ['/things/:id{[a-z]+|x}', '/things/:id{[a-z]+|x}/'], (c) => c.json({}))
  app.get('/down', () => {
    throw new AetherError('STORAGE_UNAVAILABLE')
  })
  const samples = async (name: string) => parsePrometheus(await metrics.text()).get(name)?.samples ?? []
  return { app, samples }
}

test('requests are counted by method, route pattern and class of status', async () => {
  const { app, samples } = setup()
  for (const path of ['/things/a', '/things/b/', '/down', '/nothing/1', '/nothing/2']) await app.request(path)
  await app.request('/nothing', { method: 'BREW' })
  const counted = (await samples('aether_http_requests_total')).map(({ labels, value }) => [labels, value])
  expect(counted).toEqual([
    [{ method: 'GET', route: '/things/:id', status: '2xx' }, 2],
    [{ method: 'GET', route: '/down', status: '5xx' }, 1],
    [{ method: 'GET', route: 'none', status: '4xx' }, 2],
    [{ method: 'other', route: 'none', status: '4xx' }, 1],
  ])
  const timed = await samples('aether_http_request_duration_seconds')
  expect(timed.filter((one) => one.name.endsWith('_count')).map(({ value }) => value)).toEqual([2, 1, 2, 1])
})

test('a stream counts when it has ended, and is in flight until then', async () => {
  const { app, samples } = setup()
  app.get('/stream', (c) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    c.set('streamEnd', promise)
    async function* frames() {
      yield 'data: a\n\n'
    }
    return sseResponse(frames(), { onEnd: () => resolve() })
  })
  const response = await app.request('/stream')
  const inFlight = async () => (await samples('aether_http_requests_in_flight'))[0]?.value
  expect(await inFlight()).toBe(1)
  expect(await samples('aether_http_requests_total')).toEqual([])
  await response.text()
  await Promise.resolve()
  expect(await inFlight()).toBe(0)
  expect(await samples('aether_http_requests_total')).toHaveLength(1)
})
