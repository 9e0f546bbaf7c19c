import { type MetricBase, makeMetric } from '../../shared/analysis/metric.ts'
import type { AnalysisRequest, ScriptRun } from '../../shared/domain/analysis.ts'
import type { Finding } from '../../shared/domain/finding.ts'
import type { HomeInfo } from '../../shared/domain/home.ts'
import type { NewId } from '../../shared/domain/ids.ts'
import type { Metric } from '../../shared/domain/metric.ts'

/**
 * What the analysts of one try share: each reads what the earlier ones found and adds its own. It lives for one call
 * in one process; the caller stores what comes of it.
 */
export class AnalysisState {
  readonly request: AnalysisRequest
  readonly info: HomeInfo
  readonly #newId: NewId
  readonly #metrics: Metric[] = []
  readonly #findings: Finding[] = []
  readonly #scripts: ScriptRun[] = []

  constructor(request: AnalysisRequest, info: HomeInfo, newId: NewId) {
    this.request = request
    this.info = info
    this.#newId = newId
  }

  /** Adds a metric and gives it back with its id. */
  metric(base: MetricBase): Metric {
    const whole: Metric = {
      ...makeMetric(base),
      id: this.#newId('met'),
      attempt: this.request.strategy.attempt,
    }
    this.#metrics.push(whole)
    return whole
  }

  /** Adds a finding and gives it back with its id. */
  finding(finding: Omit<Finding, 'id'>): Finding {
    const whole: Finding = { ...finding, id: this.#newId('fnd') }
    this.#findings.push(whole)
    return whole
  }

  script(run: ScriptRun): ScriptRun {
    this.#scripts.push(run)
    return run
  }

  get metrics(): readonly Metric[] {
    return this.#metrics
  }

  /** Findings of this try and those already known from earlier ones. */
  get findings(): readonly Finding[] {
    return [...this.request.known, ...this.#findings]
  }

  get ownFindings(): readonly Finding[] {
    return this.#findings
  }

  get scripts(): readonly ScriptRun[] {
    return this.#scripts
  }
}
