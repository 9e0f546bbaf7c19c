/** Counters of this process for `/metrics`, by name and labels. */
export interface Counters {
  add(name: string, labels: Readonly<Record<string, string>>, by?: number): void
  /** All counters in Prometheus' text format. */
  text(): string
}

/** Counters with a bounded number of label sets: what is beyond it is not counted apart. */
export function createCounters(help: Readonly<Record<string, string>>, limit = 200): Counters {
  const values = new Map<string, Map<string, number>>()
  return {
    add(name, labels, by = 1) {
      const rows = values.get(name) ?? new Map<string, number>()
      values.set(name, rows)
      const key = toLabels(labels)
      if (rows.has(key) || rows.size < limit) rows.set(key, (rows.get(key) ?? 0) + by)
    },
    text() {
      return [...values]
        .map(([name, rows]) =>
          metricText({ name, type: 'counter', help: help[name] ?? name, rows: [...rows] }),
        )
        .join('')
    },
  }
}

/** Labels as Prometheus writes them, sorted by name. */
export function toLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  if (pairs.length === 0) return ''
  const escaped = (value: string) => value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))
  return `{${pairs.map(([key, value]) => `${key}="${escaped(value)}"`).join(',')}}`
}

/** One metric with its help, type and rows of [what follows the name, value]. */
export function metricText(metric: {
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  rows: readonly (readonly [string, number])[]
}): string {
  const lines = metric.rows.map(([labels, value]) => `${metric.name}${labels} ${value}`)
  return [`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.type}`, ...lines, ''].join(
    '\n',
  )
}

/** `GET /metrics` as Prometheus reads it. */
export function metricsResponse(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } })
}
