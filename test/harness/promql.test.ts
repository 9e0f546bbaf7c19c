import { expect, test } from 'vitest'
import { parsePrometheus } from './prometheus-text.ts'
import { missingIn } from './promql.ts'

const scrape = parsePrometheus(
  '# HELP a_total A.\n# TYPE a_total counter\na_total{service="x"} 1\n' +
    '# HELP h_seconds H.\n# TYPE h_seconds histogram\nh_seconds_bucket{le="+Inf"} 1\nh_seconds_sum 1\nh_seconds_count 1\n',
)

test.each([
  ['sum by (service) (rate(a_total{service=~"x|y"}[5m])) / sum(rate(a_total[$__rate_interval])) > 0.2', []],
  ['histogram_quantile(0.9, sum by (le) (rate(h_seconds_bucket[5m])))', []],
  ['up{job="aether"} == 0 and on (instance) a_total', []],
  ['rate(b_total[5m])', ['b_total']],
  ['h_seconds', ['h_seconds']],
  ['sum by (route) (a_total{status="5xx"})', ['label status', 'label route']],
])('%s', (expression, missing) => {
  expect(missingIn(expression, scrape)).toEqual(missing)
})
