import type { AnalysisRequest } from '../../../../shared/domain/analysis.ts'
import type { HomeSource } from '../../../../shared/home/port.ts'
import { aWeek } from '../../../fakes/records.ts'
import { analyseAt } from '../../../harness/analysis.ts'

/** The first local midnight of the week that is analysed, and its hours. */
export const START = Date.parse(aWeek.start)
export const WEEK_HOURS = 168

/** What the energy analyst finds out about a home, without model and sandbox, with short ways to its parts. */
export async function analyse(home: HomeSource, over: Partial<AnalysisRequest> = {}) {
  const { metrics, findings } = await analyseAt(home, START, over)
  return {
    findings,
    value: (name: string, label: string | null = null) =>
      metrics.find((m) => m.name === name && m.label === label)?.value,
    finding: (kind: string) => findings.find((f) => f.kind === kind),
    factor: (kind: string, name: string) =>
      findings.find((f) => f.kind === kind)?.confidence.factors.find((f) => f.name === name)?.value,
  }
}
