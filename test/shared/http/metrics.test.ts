import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMetrics } from '../../../shared/http/metrics.ts'
import { toLabels } from '../../../shared/http/metrics-text.ts'
import { parsePrometheus } from '../../harness/prometheus-text.ts'

const parse = async (metrics: { text(): Promise<string> }) => parsePrometheus(await metrics.text())

test('counts by labels, in text that Prometheus reads', async () => {
  const metrics = createMetrics()
  const hits = metrics.counter('hits_total', 'Hits.')
  hits.add({ status: '200', method: 'GET' })
  hits.add({ method: 'GET', status: '200' }, 2)
  hits.add({ method: 'GET', status: '404' })
  expect(await metrics.text()).toContain(
    '# HELP hits_total Hits.\n# TYPE hits_total counter\n' +
      'hits_total{method="GET",status="200"} 3\nhits_total{method="GET",status="404"} 1\n',
  )
})

test('a histogram sorts values into its buckets, a bound included', async () => {
  const metrics = createMetrics()
  const waits = metrics.histogram('waits_seconds', 'Waits.', [0.1, 1])
  for (const value of [0.05, 0.1, 0.5, 7]) waits.observe(value, { to: 'db' })
  const samples = (await parse(metrics)).get('waits_seconds')?.samples ?? []
  expect(samples.map(({ labels, value }) => [labels.le, value])).toEqual([
    ['0.1', 2],
    ['1', 3],
    ['+Inf', 4],
    [undefined, 7.65],
    [undefined, 4],
  ])
})

test('services of one process count in one text, each under its own name', async () => {
  const metrics = createMetrics()
  for (const service of ['gateway', 'architect'])
    metrics.child({ service }).counter('calls_total', 'Calls.').add({ to: 'x' })
  const samples = (await parse(metrics.child({ service: 'any' }))).get('calls_total')?.samples
  expect(samples?.map(({ labels }) => labels)).toEqual([
    { service: 'gateway', to: 'x' },
    { service: 'architect', to: 'x' },
  ])
})

test('sources are asked at the scrape; one that fails or hangs is left out and counted', async () => {
  const metrics = createMetrics({ collectMs: 10 })
  let depth = 1
  metrics.collect(() => [{ name: 'depth', type: 'gauge', help: 'Depth.', rows: [[{}, depth]] }])
  metrics.collect(async () => {
    throw new Error('away')
  })
  metrics.collect(() => new Promise(() => {}))
  await metrics.text()
  depth = 5
  const parsed = await parse(metrics)
  expect(parsed.get('depth')?.samples[0]?.value).toBe(5)
  expect(parsed.get('aether_metrics_missed_sources_total')?.samples[0]?.value).toBe(4)
})

test('label sets are bounded: what comes after them is counted as other', async () => {
  const metrics = createMetrics({ maxSets: 2 })
  const counter = metrics.child({ service: 'a' }).counter('n_total', 'N.')
  for (let i = 0; i < 5; i++) counter.add({ i: String(i) })
  const samples = (await parse(metrics)).get('n_total')?.samples
  expect(samples?.map(({ labels, value }) => [labels.i, labels.service, value])).toEqual([
    ['0', 'a', 1],
    ['1', 'a', 1],
    ['other', 'a', 3],
  ])
})

test('a name that Prometheus would not take is a fault of ours', () => {
  const metrics = createMetrics()
  expect(() => metrics.counter('hits', 'Hits.')).toThrow()
  expect(() => metrics.histogram('hits_total', 'Hits.')).toThrow()
  expect(() => metrics.counter('1_total', 'Hits.')).toThrow()
})

test('whatever labels hold, the text stays readable and says the same', async () => {
  expect(toLabels({ a: 'x"y\\z\n' })).toBe('{a="x\\"y\\\\z\\n"}')
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 20 }),
      async (values) => {
        const metrics = createMetrics()
        const counter = metrics.counter('n_total', 'N.')
        for (const value of values) counter.add({ value })
        const samples = (await parse(metrics)).get('n_total')?.samples ?? []
        expect(samples.map(({ labels }) => labels.value)).toEqual(values)
      },
    ),
  )
})
