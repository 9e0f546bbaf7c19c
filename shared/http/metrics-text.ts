export type Labels = Readonly<Record<string, string>>

/** A line of a metric: what follows its name (`_bucket`, `_sum`, `_count` of a histogram, else nothing), labels, value. */
export interface Line {
  readonly suffix?: string
  readonly labels: Labels
  readonly value: number
}

/** A metric with all its lines. */
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly lines: readonly Line[]
}

/** Families in Prometheus' text format 0.0.4, each name once. */
export function metricsText(families: readonly Family[]): string {
  return families.map(familyText).join('')
}

/** Labels as Prometheus writes them, sorted by name. */
export function toLabels(labels: Labels): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  if (pairs.length === 0) return ''
  return `{${pairs.map(([key, value]) => `${key}="${escaped(value)}"`).join(',')}}`
}

/** `GET /metrics` as Prometheus reads it. */
export function metricsResponse(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } })
}

function familyText({ name, type, help, lines }: Family): string {
  const rows = lines.map(
    ({ suffix = '', labels, value }) => `${name}${suffix}${toLabels(labels)} ${number(value)}`,
  )
  const said = help.replace(/[\\\n]/g, (c) => (c === '\n' ? '\\n' : '\\\\'))
  return [`# HELP ${name} ${said}`, `# TYPE ${name} ${type}`, ...rows, ''].join('\n')
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
