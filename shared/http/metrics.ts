import { type Family, type Labels, type Line, metricsText, toLabels } from './metrics-text.ts'
import { aborted } from './wait.ts'

export interface Counter {
  add(labels?: Labels, by?: number): void
}

export interface Histogram {
  observe(value: number, labels?: Labels): void
}

/** What is read at the moment of a scrape, such as the length of a queue. */
export interface Reading {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly rows: readonly (readonly [Labels, number])[]
}

/** What is so at the moment of a scrape. */
export function gauge(name: string, help: string, rows: Reading['rows']): Reading {
  return { name, type: 'gauge', help, rows }
}

/**
 * The metrics of one process, as a scraper reads them. Whoever asks for a name that is there already gets the same
 * metric, so that the services of one process count together, told apart by the labels of their `child`.
 */
export interface Metrics {
  /** A count since the start, named `…_total`. Adding 0 lets a scraper see the first one as a change. */
  counter(name: string, help: string): Counter
  /** How often a value was at most each of the bounds, and the sum of all; seconds unless the name says otherwise. */
  histogram(name: string, help: string, bounds?: readonly number[]): Histogram
  /** Asks a source at each scrape. One that fails, or is not through within the bound, is left out and counted. */
  collect(source: (signal: AbortSignal) => readonly Reading[] | Promise<readonly Reading[]>): void
  /** The same metrics with labels that all of its own carry. */
  child(labels: Labels): Metrics
  /** All of the process, in Prometheus' text format. */
  text(): Promise<string>
}

export interface MetricsOptions {
  /** Label sets that a metric may have; what comes after them is counted as `other`. */
  readonly maxSets?: number
  /** How long a scrape waits for its sources: longer than the slowest look at a dependency. */
  readonly collectMs?: number
}

/** Seconds: from a hit in memory to a turn that used its whole budget. */
export const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] as const

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const MISSED = 'aether_metrics_missed_sources_total'

interface Row {
  readonly labels: Labels
  value: number
  /** Of a histogram: how often, and how often within each bound. */
  count: number
  readonly within: number[]
}

interface Kept {
  readonly name: string
  readonly type: 'counter' | 'histogram'
  readonly help: string
  readonly bounds: readonly number[]
  readonly rows: Map<string, Row>
}

type Source = { readonly labels: Labels; readonly read: Parameters<Metrics['collect']>[0] }

/** Metrics with a bounded number of label sets for each name. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { maxSets = 1_000, collectMs = 3_000 } = options
  const kept = new Map<string, Kept>()
  const sources: Source[] = []

  function family(type: Kept['type'], name: string, help: string, bounds: readonly number[]): Kept {
    const there = kept.get(name)
    if (there?.type === type) return there
    if (there || !NAME.test(name) || (type === 'counter') !== name.endsWith('_total'))
      throw new Error(`no name for a ${type}: ${name}`)
    const made = { name, type, help, bounds, rows: new Map<string, Row>() }
    kept.set(name, made)
    return made
  }

  function rowOf({ rows, bounds }: Kept, base: Labels, given: Labels): Row {
    let labels: Labels = { ...base, ...given }
    let key = toLabels(labels)
    if (!rows.has(key) && rows.size >= maxSets) {
      labels = { ...base, ...Object.fromEntries(Object.keys(given).map((name) => [name, 'other'])) }
      key = toLabels(labels)
    }
    const row = rows.get(key) ?? { labels, value: 0, count: 0, within: bounds.map(() => 0) }
    rows.set(key, row)
    return row
  }

  async function collected(): Promise<Family[]> {
    const signal = AbortSignal.timeout(collectMs)
    const late = aborted(signal).then(() => null)
    const read = async ({ labels, read }: Source): Promise<Reading[] | null> => {
      try {
        const readings = await Promise.race([read(signal), late])
        return readings?.map((one) => ({ ...one, rows: withLabels(one.rows, labels) })) ?? null
      } catch {
        return null // counted below: a scrape tells what can be told
      }
    }
    const all = await Promise.all(sources.map(read))
    missed.add({}, all.filter((one) => one === null).length)
    return merged(all.flatMap((one) => one ?? []))
  }

  const make = (base: Labels): Metrics => ({
    counter(name, help) {
      const counter = family('counter', name, help, [])
      return {
        add(labels = {}, by = 1) {
          rowOf(counter, base, labels).value += by
        },
      }
    },
    histogram(name, help, bounds = SECONDS) {
      const histogram = family('histogram', name, help, bounds)
      return {
        observe(value, labels = {}) {
          const row = rowOf(histogram, base, labels)
          row.value += value
          row.count++
          const at = histogram.bounds.findIndex((most) => value <= most)
          if (at >= 0) row.within[at] = (row.within[at] ?? 0) + 1
        },
      }
    },
    collect(read) {
      sources.push({ labels: base, read })
    },
    child: (labels) => make({ ...base, ...labels }),
    async text() {
      const read = await collected()
      const families = [...[...kept.values()].map(toFamily), ...read]
      return metricsText(families.sort((a, b) => (a.name < b.name ? -1 : 1)))
    },
  })
  const metrics = make({})
  const missed = metrics.counter(MISSED, 'Sources of metrics that did not answer a scrape.')
  return metrics
}

function withLabels(rows: Reading['rows'], labels: Labels): Reading['rows'] {
  return rows.map(([own, value]) => [{ ...labels, ...own }, value])
}

/** Readings of the same name, from several services, as one family; of equal label sets the last one counts. */
function merged(readings: readonly Reading[]): Family[] {
  const byName = new Map<string, { reading: Reading; lines: Map<string, Line> }>()
  for (const reading of readings) {
    const { lines } = byName.get(reading.name) ?? { lines: new Map<string, Line>() }
    for (const [labels, value] of reading.rows) lines.set(toLabels(labels), { labels, value })
    byName.set(reading.name, { reading, lines })
  }
  return [...byName.values()].map(({ reading: { name, type, help }, lines }) => ({
    name,
    type,
    help,
    lines: [...lines.values()],
  }))
}

function toFamily({ name, type, help, bounds, rows }: Kept): Family {
  if (type === 'histogram')
    return { name, type, help, lines: [...rows.values()].flatMap((row) => histogramLines(row, bounds)) }
  return { name, type, help, lines: [...rows.values()] }
}

function histogramLines({ labels, value, count, within }: Row, bounds: readonly number[]): Line[] {
  let below = 0
  const buckets = bounds.map((most, i) => {
    below += within[i] ?? 0
    return { suffix: '_bucket', labels: { ...labels, le: String(most) }, value: below }
  })
  return [
    ...buckets,
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { suffix: '_sum', labels, value },
    { suffix: '_count', labels, value: count },
  ]
}
