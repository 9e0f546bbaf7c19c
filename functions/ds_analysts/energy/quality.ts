import { confidenceOf, coverageFactor } from '../../../shared/analysis/confidence.ts'
import { sayIssue } from '../../../shared/analysis/diagnostics/setup-issues.ts'
import { sum } from '../../../shared/analysis/numeric.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import { type EnergyContext, evidenceOf } from './context.ts'
import { flagsInShort, notesInShort, type Oddity } from './oddities.ts'

const NAMED = 5

/** What is odd about the data itself: gaps, resets, duplicates, clock changes, and notes of the source. */
export function findQuality(context: EnergyContext): Finding | null {
  const { state, window, flags, zone, data, covered, ids } = context
  const names = new Map(data.devices.map((device) => [device.statistic, device.name]))
  const own = new Set(ids)
  const nameOf = (id: string) => (own.has(id) ? 'the main meter' : (names.get(id) ?? (id || 'a meter')))
  const noted = new Set<string>(data.notes.map((note) => note.kind))
  const found = flags
    .filter((each) => !noted.has(each.kind))
    .toSorted((a, b) => Number(own.has(b.ids[0] ?? '')) - Number(own.has(a.ids[0] ?? '')))
  const oddities: readonly Oddity[] = [
    ...notesInShort(data.notes),
    ...(data.sources.guess ? [{ text: data.sources.guess, count: 1 }] : []),
    ...data.setupIssues
      .filter(({ about }) => own.has(about) || names.has(about))
      .map((issue) => ({ text: `The home says that ${sayIssue(issue, nameOf(issue.about))}.`, count: 1 })),
    ...flagsInShort(found, (flag) => nameOf(flag.ids.find((id) => own.has(id)) ?? flag.ids[0] ?? ''), zone),
  ]
  if (oddities.length === 0) return null
  const told = oddities.slice(0, NAMED).map(({ text }) => text)
  const total = sum(oddities.map(({ count }) => count))
  const rest = sum(oddities.slice(NAMED).map(({ count }) => count))
  const more = rest > 0 ? ` And ${rest} more of the kind.` : ''
  const base = {
    window,
    coverage: covered,
    samples: context.used.length,
    bucket: 'hour',
    entities: ids,
  } as const
  const count = state.metric({
    ...base,
    name: 'flag_count',
    value: total,
    unit: 'count',
    method: 'quality.v1',
  })
  const share = state.metric({
    ...base,
    name: 'coverage_share',
    value: covered * 100,
    unit: '%',
    method: 'coverage.hour.v1',
  })
  return state.finding({
    analyst: 'energy',
    kind: 'quality',
    title: 'About the data',
    statement: `About the data: ${told.join(' ')}${more}`,
    confidence: confidenceOf([coverageFactor(1)]),
    metricIds: [count.id, share.id],
    entities: ids,
    evidence: evidenceOf([count, share], context),
  })
}
