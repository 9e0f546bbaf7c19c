import { confidenceOf, coverageFactor } from '../../../shared/analysis/confidence.ts'
import { sayIssue } from '../../../shared/analysis/diagnostics/setup-issues.ts'
import { describeFlag } from '../../../shared/analysis/quality.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import { type EnergyContext, evidenceOf } from './context.ts'

const NAMED = 5

/** What is odd about the data itself: gaps, resets, duplicates, clock changes, and notes of the source. */
export function findQuality(context: EnergyContext): Finding | null {
  const { state, window, flags, zone, data, covered, ids } = context
  const names = new Map(data.devices.map((device) => [device.statistic, device.name]))
  const own = new Set(ids)
  /** What is said, and how many oddities each sentence stands for. */
  const sentences = new Map<string, number>()
  for (const note of data.notes) sentences.set(note.text, note.count ?? 1)
  if (data.sources.guess) sentences.set(data.sources.guess, 1)
  for (const issue of data.setupIssues.filter(({ about }) => own.has(about) || names.has(about)))
    sentences.set(
      `The home says that ${sayIssue(issue, own.has(issue.about) ? 'the main meter' : (names.get(issue.about) ?? ''))}.`,
      1,
    )
  const noted = new Set<string>(data.notes.map((note) => note.kind))
  for (const flag of flags
    .filter((each) => !noted.has(each.kind))
    .toSorted((a, b) => Number(own.has(b.ids[0] ?? '')) - Number(own.has(a.ids[0] ?? '')))) {
    const name = flag.ids.some((id) => own.has(id))
      ? 'the main meter'
      : (names.get(flag.ids[0] ?? '') ?? flag.ids[0] ?? 'a meter')
    sentences.set(describeFlag(flag, name, zone), 1)
  }
  if (sentences.size === 0) return null
  const told = [...sentences.keys()].slice(0, NAMED)
  const total = [...sentences.values()].reduce((sum, count) => sum + count, 0)
  const rest = [...sentences.values()].slice(NAMED).reduce((sum, count) => sum + count, 0)
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
