import type { Score, ScorerName } from './scorers.ts'

/** Means of all scorers over one dataset, and what the answers cost. */
export interface Means {
  readonly samples: number
  readonly scores: Readonly<Partial<Record<ScorerName, number>>>
  readonly tokens: number
  /** Reported only: a machine's day decides about it. */
  readonly seconds: number
}

/** A share that a mean may fall without being worse: one of many answers that differs by chance. */
const SLACK = 0.02
/** How much more an answer may cost. */
const DEARER = 1.2

/** Means over scored samples; a scorer that had nothing to say about any is left out. */
export function meansOf(
  scored: readonly {
    readonly scores: Readonly<Record<ScorerName, Score>>
    readonly tokens: number
    readonly seconds: number
  }[],
): Means {
  const names = Object.keys(scored[0]?.scores ?? {}) as ScorerName[]
  const scores: Partial<Record<ScorerName, number>> = {}
  for (const name of names) {
    const values = scored.flatMap((each) => each.scores[name]?.value ?? [])
    if (values.length > 0) scores[name] = mean(values)
  }
  return {
    samples: scored.length,
    scores,
    tokens: mean(scored.map((each) => each.tokens)),
    seconds: mean(scored.map((each) => each.seconds)),
  }
}

/** What is worse than the last recorded result, in words; empty: the gate is open. */
export function worseThan(now: Means, recorded: Means): string[] {
  const worse: string[] = []
  for (const [name, before] of Object.entries(recorded.scores)) {
    const value = now.scores[name as ScorerName]
    if (value === undefined) worse.push(`${name} is not measured any more`)
    else if (value < before - SLACK)
      worse.push(`${name} fell from ${before.toFixed(3)} to ${value.toFixed(3)}`)
  }
  if (now.tokens > recorded.tokens * DEARER)
    worse.push(`an answer takes ${Math.round(now.tokens)} tokens, ${Math.round(recorded.tokens)} before`)
  return worse
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
