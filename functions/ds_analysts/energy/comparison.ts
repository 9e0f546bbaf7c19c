import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import { DAY_COVERAGE, HOUR_MS } from '../../../shared/analysis/constants.ts'
import { type Comparison, compareWindows } from '../../../shared/analysis/energy/compare.ts'
import { consumptionPoints } from '../../../shared/analysis/energy/flow.ts'
import { formatMetric, formatValue } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayDuring } from '../../../shared/domain/time/say.ts'
import {
  confidenceIn,
  coveredBy,
  type EnergyContext,
  evidenceOf,
  flowsOf,
  hoursWanted,
  sourceCheck,
} from './context.ts'
import { costIn } from './cost.ts'
import { comparedWith, deviceChanges, sayChanges, sayNamedChanges } from './device-changes.ts'
import { isNamed } from './named-device.ts'

/**
 * The window held against another, over the same number of known hours: the home's use, the bill, and the devices that
 * made the difference. It opens with what the question is about.
 */
export function findComparison(context: EnergyContext): Finding | null {
  const { state, window, data, used, zone, ids, covered } = context
  if (!data.compare) return null
  const otherUsed = consumptionPoints(flowsOf(data.compare))
  const result = compareWindows(
    { points: used, span: context.span },
    { points: otherUsed, span: data.compare.span },
    zone,
  )
  if (!result) return null
  const otherCovered = coveredBy(otherUsed, data.compare.gridFrom, data.compare.span)
  const base = { unit: 'kWh', bucket: 'hour', entities: ids } as const
  const method = `comparison.${result.method}.v1`
  const here = { ...base, window, coverage: Math.min(covered, otherCovered), samples: used.length }
  const now = state.metric({ ...here, name: 'energy_total', value: result.value, method })
  const previous = state.metric({
    ...base,
    name: 'energy_previous',
    value: result.other,
    window: data.compare.window,
    coverage: otherCovered,
    samples: otherUsed.length,
    method,
  })
  const change = state.metric({ ...here, name: 'energy_change_kwh', value: result.change, method })
  const metrics: Metric[] = [now, previous, change]
  const during = lower(sayDuring(data.compare.window))
  const scaled = result.method === 'scaled' ? 'scaled to ' : ''
  let before = `${scaled}${formatMetric(previous)}`
  if (result.fraction !== null) {
    const share = state.metric({
      ...here,
      name: 'energy_change',
      value: result.fraction * 100,
      unit: '%',
      method,
    })
    metrics.push(share)
    before += `, ${result.fraction < 0 ? '' : '+'}${formatMetric(share)}`
  }
  const money = comparableBills(context, result) ? compareCost(context) : null
  metrics.push(...(money?.metrics ?? []))
  const { focus, question } = state.request
  const asked =
    focus.includes('comparison') || focus.includes('devices') ? deviceChanges(context, result.method) : []
  metrics.push(...asked.flatMap((each) => [each.now, each.before, each.change]))
  const device = asked.find(({ name }) => isNamed(name, question))
  const aboutMoney = money && focus.includes('cost') && !device
  const [moved, from] = device
    ? [device.result.change, device.result.other]
    : aboutMoney
      ? [money.change, money.other]
      : [result.change, result.other]
  const premise = contradicted(question, moved, from)
  // The days compared with are named once.
  const other = premise ? 'then' : during
  const named = sayNamedChanges(asked, question, other)
  const than = aboutMoney || device ? 'then' : other
  const energy = `The home used ${formatMetric(now)}, ${comparedWith(result.change, 'kWh', than)} (${before}).`
  const head = aboutMoney
    ? [
        `Electricity cost ${comparedWith(money.change, money.unit, other)}: ${money.now} against ${money.before}.`,
        energy,
      ]
    : [
        ...named,
        energy,
        money ? `It cost ${comparedWith(money.change, money.unit, `the ${money.before} then`)}.` : '',
      ]
  const [first = '', ...rest] = head
  const opening = premise ? `${premise} than ${during}: ${device ? first : lower(first)}` : first
  const statement = [opening, ...rest, device ? '' : sayChanges(asked), result.note ?? '']
    .filter(Boolean)
    .join(' ')
  return state.finding({
    analyst: 'energy',
    kind: 'comparison',
    title: 'Compared',
    statement,
    confidence: confidenceIn(
      context,
      Math.min(covered, otherCovered),
      sampleFactor(Math.min(used.length, otherUsed.length), hoursWanted(context), 'hours'),
      sourceCheck(context),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context),
  })
}

const lower = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`

const HIGH =
  /\b(?:(?:so|too|very|unusually) (?:high|much|expensive)|risen|rose|increased?|(?:gone|went) up)\b/i
const LOW =
  /\b(?:(?:so|too|very|unusually) (?:low|little|cheap)|fallen|fell|decreased?|dropped|(?:gone|went) down)\b/i

/** A change of less than this share of what was before is hardly one (choice). */
const HARDLY = 0.02

/**
 * Where the question takes for granted what is not so, or hardly, the words that say it; they go on with "than" and a
 * time.
 */
function contradicted(question: string, change: number, before: number): string {
  const isHigh = HIGH.test(question)
  const wrong = isHigh ? change : -change
  if (!isHigh && !LOW.test(question)) return ''
  const word = isHigh ? 'higher' : 'lower'
  if (wrong <= 0) return `It was not ${word}`
  return wrong < HARDLY * Math.abs(before) ? `It was hardly ${word}` : ''
}

/** Whole months may differ by so much of their length and are still one bill against another. */
const SAME_LENGTH = 0.12

/** Bills are never scaled, for their standing charges: they are compared where both times are whole and about as long. */
function comparableBills(
  { covered, span, data }: EnergyContext,
  { method, otherHours, hours }: Comparison,
): boolean {
  if (method === 'equal') return true
  if (method === 'paired' || !data.compare) return false
  const length = (each: { start: number; end: number }) => (each.end - each.start) / HOUR_MS
  const whole = covered >= DAY_COVERAGE && otherHours >= DAY_COVERAGE * length(data.compare.span)
  return whole && Math.abs(hours - otherHours) <= SAME_LENGTH * length(span)
}

/** The bills of both windows; null without a tariff that tells them. */
function compareCost(context: EnergyContext): {
  readonly metrics: readonly Metric[]
  readonly now: string
  readonly before: string
  readonly change: number
  /** What the other window cost. */
  readonly other: number
  readonly unit: string
} | null {
  const { data, state, window } = context
  if (!data.tariff || !data.compare || data.tariff.dynamic) return null
  const now = costIn(data.main, data.tariff, context)
  const before = costIn(data.compare, data.tariff, context)
  if (!now || !before) return null
  const unit = data.tariff.currency
  const base = {
    unit,
    bucket: 'hour',
    entities: data.sources.gridFrom,
    method: 'cost.tariff.hour.v1',
  } as const
  const previous = state.metric({
    ...base,
    name: 'cost_previous',
    value: before.total,
    window: data.compare.window,
    coverage: 1,
    samples: data.compare.gridFrom?.points.length ?? 0,
  })
  const change = state.metric({
    ...base,
    name: 'cost_change',
    value: now.total - before.total,
    window,
    coverage: 1,
    samples: data.main.gridFrom?.points.length ?? 0,
  })
  return {
    metrics: [previous, change],
    now: formatValue(now.total, unit),
    before: formatMetric(previous),
    change: change.value,
    other: previous.value,
    unit,
  }
}
