import type { AnalystName } from './names.ts'

/** What a confidence is made of; each a fraction with the reason for it. */
export const FACTORS = ['coverage', 'sample', 'agreement', 'quality', 'script'] as const
export type FactorName = (typeof FACTORS)[number]

export interface Factor {
  readonly name: FactorName
  readonly value: number
  readonly reason: string
}

/** Confidence computed from evidence: `value` is the product of the factors, all in [0, 1]. */
export interface Confidence {
  readonly value: number
  readonly factors: readonly Factor[]
}

/** Where a statement comes from: a metric, or a path into the result of a script run. */
export type Evidence =
  | { readonly kind: 'metric'; readonly metricId: string }
  | { readonly kind: 'script'; readonly scriptId: string; readonly path: string }

/** One thing an analyst found out. `statement` is a whole sentence whose numbers all stand in `metricIds`. */
export interface Finding {
  readonly id: string
  readonly analyst: AnalystName
  readonly kind: string
  readonly title: string
  readonly statement: string
  readonly confidence: Confidence
  readonly metricIds: readonly string[]
  readonly entities: readonly string[]
  readonly evidence: readonly Evidence[]
}
