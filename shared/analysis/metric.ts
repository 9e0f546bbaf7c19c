import type { Span } from '../domain/home-data.ts'
import type { Bucket, Metric } from '../domain/metric.ts'
import { toLocalIso } from '../domain/time/zone.ts'
import type { TimeWindow } from '../domain/window.ts'
import type { MetricName } from './metric-names.ts'

/** A metric before it has its id and the number of the try that made it. */
export type NewMetric = Omit<Metric, 'id' | 'attempt'>

export interface MetricBase {
  readonly name: MetricName
  readonly value: number
  readonly unit: string
  readonly window: TimeWindow
  /** Definition and version, such as `baseload_p5.5minute.v1`. */
  readonly method: string
  readonly coverage: number
  readonly samples: number
  readonly label?: string | null
  /** The instant (epoch ms) that the number points to. */
  readonly at?: number | null
  readonly bucket?: Bucket | null
  readonly entities?: readonly string[]
}

/** A whole metric from its base: `local` is worked out in the window's zone, coverage is held within [0, 1]. */
export function makeMetric(base: MetricBase): NewMetric {
  const at = base.at ?? null
  return {
    name: base.name,
    label: base.label ?? null,
    value: base.value,
    unit: base.unit,
    at: at === null ? null : new Date(at).toISOString(),
    local: at === null ? null : toLocalIso(at, base.window.timeZone),
    window: base.window,
    method: base.method,
    bucket: base.bucket ?? null,
    coverage: Math.min(1, Math.max(0, base.coverage)),
    samples: base.samples,
    entities: base.entities ?? [],
  }
}

/** The window as epoch milliseconds. */
export function toSpan(window: TimeWindow): Span {
  return { start: Date.parse(window.start), end: Date.parse(window.end) }
}
