import { endOfRun } from '../../../shared/analysis/behaviour/run-end.ts'
import type { Span, Trace } from '../../../shared/domain/home-data.ts'
import type { HomeSource, ReadOptions } from '../../../shared/home/port.ts'

/** Automations told; of each the last failed run is looked at. */
const NAMED = 3

/** Runs of one automation that failed, and where the last of them did. */
export interface FailedRuns {
  readonly last: Trace
  readonly count: number
  readonly place: string | null
}

/** Reads which automations failed within the span, those that did so most often first. Homes keep few runs. */
export async function readFailedRuns(
  home: HomeSource,
  span: Span,
  options: ReadOptions,
): Promise<readonly FailedRuns[]> {
  const failed = (await home.traces(options)).filter(
    (trace) => trace.outcome === 'error' && trace.at >= span.start && trace.at < span.end,
  )
  const groups = [...Map.groupBy(failed, (trace) => trace.entityId).values()]
  const worst = groups.toSorted((a, b) => b.length - a.length).slice(0, NAMED)
  return await Promise.all(
    worst.flatMap((runs) => {
      const [last] = runs
      if (last === undefined) return []
      return [
        home.traceSteps(last, options).then((steps) => ({ last, count: runs.length, ...endOfRun(steps) })),
      ]
    }),
  )
}
