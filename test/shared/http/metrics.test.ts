import { expect, test } from 'vitest'
import { createCounters, metricText, toLabels } from '../../../shared/http/metrics.ts'

test('counts by labels, in text that Prometheus reads', () => {
  const counters = createCounters({ hits_total: 'Hits.' })
  counters.add('hits_total', { status: '200', method: 'GET' })
  counters.add('hits_total', { method: 'GET', status: '200' }, 2)
  counters.add('hits_total', { method: 'GET', status: '404' })
  expect(counters.text()).toBe(
    '# HELP hits_total Hits.\n# TYPE hits_total counter\n' +
      'hits_total{method="GET",status="200"} 3\nhits_total{method="GET",status="404"} 1\n',
  )
})

test('label values are escaped, label sets bounded', () => {
  expect(toLabels({ a: 'x"y\\z\n' })).toBe('{a="x\\"y\\\\z\\n"}')
  const counters = createCounters({}, 2)
  for (let i = 0; i < 5; i++) counters.add('n', { i: String(i) })
  expect(counters.text().match(/^n\{/gm)).toHaveLength(2)
})

test('a metric without labels', () => {
  expect(metricText({ name: 'up', type: 'gauge', help: 'Up.', rows: [['', 1]] })).toBe(
    '# HELP up Up.\n# TYPE up gauge\nup 1\n',
  )
})
