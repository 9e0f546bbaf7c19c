import { automationGaps } from '../../../shared/analysis/behaviour/automation-gaps.ts'
import { type Recurring, recurringActions } from '../../../shared/analysis/behaviour/recurring.ts'
import {
  confidenceOf,
  coverageFactor,
  recordsFactor,
  sampleFactor,
} from '../../../shared/analysis/confidence.ts'
import { ROUTINE_HITS } from '../../../shared/analysis/constants.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayDuring } from '../../../shared/domain/time/say.ts'
import type { BehaviorContext } from './context.ts'

const NAMED = 3
const DAYS = { all: 'days', working: 'working days', weekend: 'weekend days' } as const

/** Things that somebody does by hand at the same time again and again, and that no automation does yet. */
export function findRoutines(context: BehaviorContext): Finding | null {
  const { state, window, span, zone, entries, automations } = context
  const recurring = recurringActions(entries, zone, span)
  const gaps = new Set(automationGaps(recurring, automations))
  const top = [...gaps, ...recurring.filter((action) => !gaps.has(action))].slice(0, NAMED)
  if (top.length === 0) return null
  const metrics: Metric[] = []
  const parts = top.map((action) => {
    const base = {
      window,
      label: context.nameOf(action.entityId),
      coverage: 1,
      samples: action.of,
      entities: [action.entityId],
      method: 'recurring.v1',
    } as const
    const hits = state.metric({ ...base, name: 'recurrence_hits', value: action.hits, unit: 'count' })
    const of = state.metric({ ...base, name: 'recurrence_days', value: action.of, unit: 'count' })
    metrics.push(hits, of)
    const idea = gaps.has(action) ? '; no automation does it yet' : ''
    return `${context.nameOf(action.entityId)} is set to "${action.state}" by hand at about ${clock(action)} on ${hits.value} of ${of.value} ${DAYS[action.days]}${idea}`
  })
  return state.finding({
    analyst: 'behavioral',
    kind: 'routines',
    title: 'Routines',
    statement: `${sayDuring(window)}: ${parts.join('. ')}.`,
    confidence: confidenceOf([
      coverageFactor(1),
      sampleFactor(Math.min(...top.map((a) => a.hits)), ROUTINE_HITS, 'repetitions'),
      recordsFactor(),
    ]),
    metricIds: metrics.map((metric) => metric.id),
    entities: top.map((action) => action.entityId),
    evidence: metrics.map((metric) => ({ kind: 'metric', metricId: metric.id })),
  })
}

function clock(action: Recurring): string {
  const minute = Math.round(action.minute)
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
