import type { ParsedFamily } from './prometheus-text.ts'

const WORDS = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'offset', 'bool'])
const GROUPING = /\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g

/** Labels that a scraper adds. */
const SCRAPER = ['job', 'instance', 'service_container']
/** Of the scraper itself. */
const ITS_OWN = ['up']

/**
 * What of an expression does not exist in a scrape: names of metrics, and labels that none of the expression's metrics
 * has. Empty for an expression that can give something.
 */
export function missingIn(expression: string, scrape: ReadonlyMap<string, ParsedFamily>): string[] {
  const selectors = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
  )
  const groups = [...expression.matchAll(GROUPING)].flatMap(([, inside = '']) => inside.split(/\s*,\s*/))
  const bare = expression
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(GROUPING, '')
    .replace(/"[^"]*"/g, '')
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w)(?!\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.has(name) && !ITS_OWN.includes(name))
  const found = names.map((name) => samplesOf(name, scrape))
  const labels = new Set([
    ...SCRAPER,
    ...found.flatMap((samples) => samples.flatMap((one) => Object.keys(one.labels))),
  ])
  return [
    ...names.filter((_, i) => found[i]?.length === 0),
    ...[...selectors, ...groups]
      .filter((label) => label !== '' && !labels.has(label))
      .map((label) => `label ${label}`),
  ]
}

/** A histogram's parts are metrics of their own to a query. */
function samplesOf(name: string, scrape: ReadonlyMap<string, ParsedFamily>) {
  const family = scrape.get(name) ?? scrape.get(name.replace(/_(bucket|sum|count)$/, ''))
  return family?.samples.filter((sample) => sample.name === name) ?? []
}
