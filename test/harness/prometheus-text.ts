/** A metric as a scraper understands it. */
export interface ParsedFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`, 's') // a line may hold any character but its end
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/

/**
 * Reads Prometheus' text format 0.0.4 as strictly as its specification and promtool's linter are: throws, with the
 * line, for anything out of form, out of place, doubled, or named against the conventions.
 */
export function parsePrometheus(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line is not ended')
  const families = new Map<string, { name: string; type: string; help: string; samples: Sample[] }>()
  let open: { name: string; type: string; help: string; samples: Sample[] } | null = null
  const seen = new Set<string>()
  for (const line of text.slice(0, -1).split('\n')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`)
    }
    const head = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`, 's').exec(line)
    if (head) {
      const [, what, name = '', rest = ''] = head
      if (what === 'HELP') {
        if (families.has(name)) fail('a metric comes twice')
        if (rest.trim() === '' || /\\(?![\\n])/.test(rest)) fail('no help')
        open = { name, type: '', help: rest, samples: [] }
        families.set(name, open)
        continue
      }
      if (open === null || open.name !== name || open.type !== '') fail('a type out of place')
      if (!/^(counter|gauge|histogram)$/.test(rest)) fail('an unknown type')
      if (open !== null) open.type = rest
      continue
    }
    const match = SAMPLE.exec(line)
    if (!match || open === null || open.type === '') {
      fail('no sample')
      continue
    }
    const [, name = '', labelText = '', value = ''] = match
    const suffix = name.slice(open.name.length)
    const allowed = open.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
    if (!name.startsWith(open.name) || !allowed.includes(suffix)) fail('a sample of another metric')
    if (!/^([+-]?\d+(\.\d+)?(e[+-]?\d+)?|[+-]Inf|NaN)$/.test(value)) fail('no number')
    const labels = toLabels(labelText, fail)
    const key = `${name}${JSON.stringify(Object.entries(labels).sort())}`
    if (seen.has(key)) fail('a sample comes twice')
    seen.add(key)
    open.samples.push({ name, labels, value: toNumber(value) })
  }
  for (const family of families.values()) lint(family)
  return families
}

function toLabels(text: string, fail: (why: string) => never): Record<string, string> {
  const labels: Record<string, string> = {}
  for (let rest = text; rest !== ''; ) {
    const match = LABEL.exec(rest)
    const [whole = '', name = '', value = ''] = match ?? fail('labels out of form')
    if (name in labels || name.startsWith('__')) fail('a label that may not be')
    labels[name] = value.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c))
    rest = rest.slice(whole.length)
  }
  return labels
}

function toNumber(text: string): number {
  return text.endsWith('Inf') ? Number(`${text.slice(0, 1)}Infinity`) : Number(text)
}

/** Names, and what holds between the lines of one metric. */
function lint({ name, type, samples }: ParsedFamily): void {
  const fail = (why: string): never => {
    throw new Error(`${name}: ${why}`)
  }
  if (type === '') fail('it has no type')
  if ((type === 'counter') !== name.endsWith('_total')) fail('counters, and nothing else, end in _total')
  if (/_(milliseconds|ms|minutes|kb|mb|bucket|count|sum)(_total)?$/.test(name)) fail('no base unit')
  if (samples.some(({ value }) => type !== 'gauge' && !(value >= 0))) fail('a count below 0')
  if (type !== 'histogram') {
    if (samples.some(({ labels }) => 'le' in labels)) fail('le belongs to histograms')
    return
  }
  const groups = Map.groupBy(samples, ({ labels: { le: _, ...rest } }) => JSON.stringify(rest))
  for (const group of groups.values()) {
    const buckets = group.filter((one) => one.name.endsWith('_bucket'))
    const bounds = buckets.map(({ labels }) => toNumber(labels.le ?? fail('a bucket without le')))
    const sorted = (values: number[]) => values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0))
    if (!sorted(bounds) || bounds.at(-1) !== Infinity) fail('bounds out of order')
    if (!sorted(buckets.map(({ value }) => value))) fail('buckets that shrink')
    const count = group.find((one) => one.name.endsWith('_count'))
    if (count?.value !== buckets.at(-1)?.value || !group.some((one) => one.name.endsWith('_sum')))
      fail('sum or count missing or wrong')
  }
}
