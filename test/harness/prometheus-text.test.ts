import { expect, test } from 'vitest'
import { parsePrometheus } from './prometheus-text.ts'

const head = (name: string, type: string) => `# HELP ${name} Something.\n# TYPE ${name} ${type}\n`
const HISTOGRAM = `${head('h_seconds', 'histogram')}h_seconds_bucket{le="1"} 1\nh_seconds_bucket{le="+Inf"} 2\nh_seconds_sum 3.5\nh_seconds_count 2\n`

test('reads samples with their labels', () => {
  const parsed = parsePrometheus(
    `${head('a_total', 'counter')}a_total{x="q\\"\\\\\\n",y=""} 2e+3\n${HISTOGRAM}`,
  )
  expect(parsed.get('a_total')?.samples).toEqual([
    { name: 'a_total', labels: { x: 'q"\\\n', y: '' }, value: 2_000 },
  ])
  expect(parsed.get('h_seconds')?.samples).toHaveLength(4)
})

test.each([
  ['an end that is missing', `${head('a_total', 'counter')}a_total 1`],
  ['a sample without a head', 'a_total 1\n'],
  ['a type without help', '# TYPE a gauge\na 1\n'],
  ['a metric twice', `${head('a', 'gauge')}a 1\n${head('a', 'gauge')}a 2\n`],
  ['a sample twice', `${head('a', 'gauge')}a{x="1"} 1\na{x="1"} 2\n`],
  ['a sample of another metric', `${head('a', 'gauge')}b 1\n`],
  ['a quote that is not escaped', `${head('a', 'gauge')}a{x="1"2"} 1\n`],
  ['an escape that is none', `${head('a', 'gauge')}a{x="\\t"} 1\n`],
  ['a label twice', `${head('a', 'gauge')}a{x="1",x="2"} 1\n`],
  ['no number', `${head('a', 'gauge')}a undefined\n`],
  ['a counter without _total', `${head('a', 'counter')}a 1\n`],
  ['a gauge with _total', `${head('a_total', 'gauge')}a_total 1\n`],
  ['milliseconds', `${head('a_ms', 'gauge')}a_ms 1\n`],
  ['a negative count', `${head('a_total', 'counter')}a_total -1\n`],
  ['buckets that shrink', HISTOGRAM.replace('le="1"} 1', 'le="1"} 3')],
  ['a count that is not that of the buckets', HISTOGRAM.replace('count 2', 'count 3')],
  ['no last bucket', HISTOGRAM.replace('h_seconds_bucket{le="+Inf"} 2\n', '')],
  ['an empty line', `${head('a', 'gauge')}a 1\n\n`],
])('refuses %s', (_, text) => {
  expect(() => parsePrometheus(text)).toThrow()
})
