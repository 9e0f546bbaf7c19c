import { confidenceOf, coverageFactor } from '../../../shared/analysis/confidence.ts'
import { describeFlag } from '../../../shared/analysis/quality.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import { type EnergyContext, evidenceOf } from './context.ts'

const NAMED = 5

/** What is odd about the data itself: gaps, resets, duplicates, clock changes, and notes of the source. */
export function findQuality(context: EnergyContext): Finding | null {
  const { state, window, flags, zone, data, covered, ids } = context
  const names = new Map(data.devices.map((device) => [device.statistic, device.name]))
  const own = new Set(ids)
  const sentences = new Set<string>()
  for (const note of data.notes) sentences.add(note.text)
  if (data.sources.guess) sentences.add(data.sources.guess)
  const noted = new Set<string>(data.notes.map((note) => note.kind))
  for (const flag of flags
    .filter((each) => !noted.has(each.kind))
    .toSorted((a, b) => Number(own.has(b.ids[0] ?? '')) - Number(own.has(a.ids[0] ?? '')))) {
    const name = flag.ids.some((id) => own.has(id))
      ? 'the main meter'
      : (names.get(flag.ids[0] ?? '') ?? flag.ids[0] ?? 'a meter')
    sentences.add(describeFlag(flag, name, zone))
  }
  if (sentences.size === 0) return null
  const told = [...sentences].slice(0, NAMED)
  const rest = sentences.size - told.length
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
    value: sentences.size,
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
