import type { Metrics } from './metrics.ts'

/** What an exporter of spans counts, so that what did not arrive can be seen. */
export interface ExportCounts {
  sent(spans: number): void
  dropped(spans: number, reason: 'queue_full' | 'refused' | 'unreachable' | 'shutdown'): void
}

/** The counters of an exporter; both are there from the start, at 0. */
export function createExportCounts(metrics: Metrics): ExportCounts {
  const sent = metrics.counter('aether_trace_spans_sent_total', 'Spans that the trace server has taken.')
  const dropped = metrics.counter('aether_trace_spans_dropped_total', 'Spans that were given up, by reason.')
  sent.add({}, 0)
  for (const reason of ['queue_full', 'refused', 'unreachable', 'shutdown']) dropped.add({ reason }, 0)
  return {
    sent: (spans) => sent.add({}, spans),
    dropped: (spans, reason) => dropped.add({ reason }, spans),
  }
}
