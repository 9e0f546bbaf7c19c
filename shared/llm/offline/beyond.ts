import { findChange } from './change.ts'
import { has, normalise, type Terms, terms } from './words.ts'

interface Limit {
  readonly any: RegExp
  /** What must be spoken of as well; null where the words themselves suffice. */
  readonly about: Terms | null
  readonly says: string
}

const MONEY_OR_ENERGY = terms(
  'bill*, cost*, pay, price*, spend, expensive, cheap*, energy, electricity, power, kwh, use, consum*, solar, produce, generate, load, peak*',
)

/** What sounds like an analyst's question and is none that data of the past can answer. */
const LIMITS: readonly Limit[] = [
  {
    any: /\b(?:tomorrow|forecast\w*|predict\w*|next (?:day|week|weekend|month|quarter|year|spring|summer|autumn|fall|winter)|(?:what|how|when|which)\b[^?]*\b(?:will|going to)\b|(?:will|going to) (?:i|we|it|my|our|the)\b)/i,
    about: MONEY_OR_ENERGY,
    says: 'I cannot tell what is to come: I make no forecasts, and every figure that I give has been measured. What I can tell is how it was, for instance "What did electricity cost last month?" or "How much did I use in November last year?"',
  },
  {
    any: /\b(?:carbon|emissions?|climate footprint|co2 footprint|(?:co2|co₂)\b.*\b(?:produce\w*|emit\w*|caus\w*|save\w*|my|our|use\w*)|(?:produce\w*|emit\w*|caus\w*|save\w*) .*\bco2)\b/i,
    about: null,
    says: 'I have no figures about emissions: how much CO₂ a kWh from the grid causes is not in the data of this home. What I can tell is how much came from the grid and how much from the sun: "How self-sufficient was I last month?"',
  },
]

/** Why a question cannot be answered from the home's data, or null. */
export function beyondData(text: string): string | null {
  if (findChange(text)) return null
  const plain = normalise(text)
  return LIMITS.find(({ any, about }) => any.test(text) && (!about || has(plain, about)))?.says ?? null
}
