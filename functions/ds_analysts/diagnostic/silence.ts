import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import { silentEntities } from '../../../shared/analysis/diagnostics/availability.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { EntityState } from '../../../shared/domain/home-data.ts'
import type { DiagnosticContext } from './context.ts'

const NAMED = 5

/** Sensors that have not changed for a day or more although such a sensor should. */
export function findSilence(context: DiagnosticContext): Finding | null {
  const { state, window, history, registries, span } = context
  // Where nothing at all has a past, nobody has recorded it: that says nothing about a single sensor.
  if (history.size === 0) return null
  const sensors = registries.entities.filter(
    (entity) => entity.stateClass === 'measurement' && !entity.disabled,
  )
  const silent = silentEntities(history, sensors, span)
    .filter((row) => !isAtRest(context.states.find((each) => each.entityId === row.entityId)))
    .slice(0, NAMED)
  if (silent.length === 0) return null
  const metrics = silent.map((row) =>
    state.metric({
      name: 'silent_hours',
      label: row.name,
      value: row.silentHours,
      unit: 'h',
      window,
      coverage: 1,
      samples: row.changes,
      method: 'silent.v1',
      entities: [row.entityId],
    }),
  )
  return state.finding({
    analyst: 'diagnostic',
    kind: 'quality',
    title: 'Silent sensors',
    statement: `No change for a long time: ${metrics.map((m) => `${m.label} for ${formatMetric(m)}`).join(', ')}. Check whether they are stuck.`,
    confidence: confidenceOf([recordsFactor()]),
    metricIds: metrics.map((metric) => metric.id),
    entities: silent.map((row) => row.entityId),
    evidence: metrics.map((metric) => ({ kind: 'metric', metricId: metric.id })),
  })
}

/** An appliance that draws nothing is switched off, not stuck. */
function isAtRest(state: EntityState | undefined): boolean {
  return state !== undefined && state.attributes.device_class === 'power' && Number(state.state) < 2
}
