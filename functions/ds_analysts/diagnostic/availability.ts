import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import { availability } from '../../../shared/analysis/diagnostics/availability.ts'
import { outageClusters } from '../../../shared/analysis/diagnostics/outages.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayInstant } from '../../../shared/domain/time/say.ts'
import { deviceIn } from '../../../shared/llm/offline/topics.ts'
import { isNamed } from '../energy/named-device.ts'
import type { DiagnosticContext } from './context.ts'

const NAMED = 5
const HOUR = 3_600_000

/** What is unavailable now, what comes and goes, and outages that took several things at once, named by their root. */
export function findAvailability(context: DiagnosticContext): Finding | null {
  const { state, window, states, history, registries, span, zone } = context
  const base = { window, coverage: 1, bucket: null } as const
  const metrics: Metric[] = []
  const sentences: string[] = []
  const gone = states.filter((s) => s.state === 'unavailable').map((s) => s.entityId)
  const asked = sayAsked(context, new Set(gone))
  if (asked) sentences.push(asked)
  if (gone.length > 0)
    sentences.push(`Unavailable now: ${gone.slice(0, NAMED).map(context.nameOf).join(', ')}.`)
  for (const outage of outageClusters(history, registries, span).slice(0, 3)) {
    const label = outage.root.name
    const entities = state.metric({
      ...base,
      name: 'outage_entities',
      label,
      value: outage.entities.length,
      unit: 'count',
      at: outage.start,
      samples: outage.entities.length,
      method: 'outage_cluster.60s.v1',
      entities: outage.entities,
    })
    const length = state.metric({
      ...base,
      name: 'outage_length',
      label,
      value: (outage.end - outage.start) / HOUR,
      unit: 'h',
      at: outage.start,
      samples: outage.entities.length,
      method: 'outage_cluster.60s.v1',
      entities: outage.entities,
    })
    metrics.push(entities, length)
    sentences.push(
      `An outage of ${label} took ${entities.value} entities at once from ${sayInstant(outage.start, zone)} for ${formatMetric(length)}; check its hub or connection first.`,
    )
  }
  for (const row of availability(history, span)
    .filter((r) => r.flaky && !gone.includes(r.entityId))
    .slice(0, NAMED)) {
    const share = state.metric({
      ...base,
      name: 'unavailable_share',
      label: context.nameOf(row.entityId),
      value: row.unavailableShare * 100,
      unit: '%',
      samples: history.get(row.entityId)?.length ?? 0,
      method: 'availability.v1',
      entities: [row.entityId],
    })
    metrics.push(share)
    sentences.push(`${share.label} was unavailable for ${formatMetric(share)} of the time.`)
  }
  if (sentences.length === 0) return null
  return state.finding({
    analyst: 'diagnostic',
    kind: 'availability',
    title: 'Availability',
    statement: sentences.join(' '),
    confidence: confidenceOf([recordsFactor()]),
    metricIds: metrics.map((metric) => metric.id),
    entities: gone,
    evidence: metrics.map((metric) => ({ kind: 'metric', metricId: metric.id })),
  })
}

/** The device that the question names, where nothing of it is gone: that it reports is then the answer. */
function sayAsked({ state, registries, nameOf }: DiagnosticContext, gone: ReadonlySet<string>): string {
  const device = deviceIn(state.request.question)
  // Where there are no entities at all, as in a file of meter readings, nothing can be told of any device.
  if (!device || registries.entities.length === 0) return ''
  const ids = registries.entities.map(({ id }) => id).filter((id) => isNamed(nameOf(id), device))
  if (ids.length === 0) return `Nothing here goes by the name “${device}”.`
  return ids.some((id) => gone.has(id))
    ? ''
    : `Nothing that is named “${device}” is unavailable: all of it reports. Whether it works well, that does not tell.`
}
