import * as v from 'valibot'

/** What a model costs, in US dollars for a million tokens, as providers publish it. */
export interface Price {
  readonly input: number
  readonly output: number
}

/** Prices by the model's name. */
export type Prices = ReadonlyMap<string, Price>

export const NO_PRICES: Prices = new Map()

/** What a call cost, in US dollars. */
export interface Cost {
  readonly input: number
  readonly output: number
  readonly total: number
}

const MILLION = 1_000_000
const REASON =
  'must be JSON such as {"gpt-4o": {"input": 2.5, "output": 10}}: US dollars for a million tokens, by model'

const Table = v.record(
  v.pipe(v.string(), v.minLength(1)),
  v.strictObject({ input: v.pipe(v.number(), v.minValue(0)), output: v.pipe(v.number(), v.minValue(0)) }),
)

/** A configuration value that holds prices as JSON. */
export const prices = () =>
  v.pipe(
    v.string(),
    v.transform((text): Prices | null => {
      try {
        const json: unknown = JSON.parse(text)
        const checked = v.safeParse(Table, json)
        return checked.success && !Array.isArray(json) ? new Map(Object.entries(checked.output)) : null
      } catch {
        return null
      }
    }),
    v.check((value) => value !== null, REASON),
    v.transform((value) => value ?? NO_PRICES),
  )

/** What tokens of a model cost; null where its price is not known. */
export function costOf(
  known: Prices,
  model: string,
  tokens: { readonly promptTokens: number; readonly completionTokens: number },
): Cost | null {
  const price = known.get(model)
  if (!price) return null
  const input = (tokens.promptTokens / MILLION) * price.input
  const output = (tokens.completionTokens / MILLION) * price.output
  return { input, output, total: input + output }
}
