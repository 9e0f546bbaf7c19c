import { actorOf } from '../../../shared/analysis/behaviour/actor.ts'
import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import { sayInstant } from '../../../shared/domain/time/say.ts'
import type { BehaviorContext } from './context.ts'

const HOUR = 3_600_000
const NAMED = 4

/** What was switched on in the half hour before and during the highest hour that the energy analyst found. */
export function findPeakActions(context: BehaviorContext): Finding | null {
  const { state, entries, zone } = context
  const peak = state.metrics.find((metric) => metric.name === 'peak_power_60m' && metric.at !== null)
  if (!peak?.at) return null
  const start = Date.parse(peak.at)
  const around = entries.filter(
    (entry) =>
      entry.at >= start - HOUR / 2 &&
      entry.at < start + HOUR &&
      entry.state === 'on' &&
      entry.entityId !== null,
  )
  if (around.length === 0) return null
  const said = [...new Map(around.map((entry) => [entry.entityId ?? '', entry])).values()]
  const list = said
    .slice(0, NAMED)
    .map((entry) => `${context.nameOf(entry.entityId ?? '')} (by ${BY[actorOf(entry)]})`)
  return state.finding({
    analyst: 'behavioral',
    kind: 'peak_actions',
    title: 'Around the peak',
    statement: `Around the highest hour (${sayInstant(start, zone)}) these were switched on: ${list.join(', ')}.`,
    confidence: confidenceOf([recordsFactor()]),
    metricIds: [peak.id],
    entities: said.map((entry) => entry.entityId ?? ''),
    evidence: [{ kind: 'metric', metricId: peak.id }],
  })
}

const BY = {
  automation: 'an automation',
  script: 'a script',
  person: 'a person',
  device: 'hand or by itself',
} as const
