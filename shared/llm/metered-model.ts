import type { Now } from '../domain/ids.ts'
import { createFold } from '../http/fold.ts'
import { measureStream } from '../http/measure-stream.ts'
import type { Metrics } from '../http/metrics.ts'
import type { LanguageModel, ModelChunk } from './port.ts'
import { costOf, type Prices } from './prices.ts'

/** Names of models that are told apart in metrics. */
const MOST_MODELS = 20

/** The same model, measured: calls by purpose and end, time to the first token and to the last, tokens and cost. */
export function meteredModel(
  model: LanguageModel,
  deps: { metrics: Metrics; prices: Prices; now: Now },
): LanguageModel {
  const { metrics, prices, now } = deps
  const duration = metrics.histogram(
    'aether_model_call_duration_seconds',
    'Calls of the language model from request to end, tries included, by purpose and how they ended.',
  )
  const first = metrics.histogram(
    'aether_model_first_token_seconds',
    'From a call of the language model to its first token.',
  )
  const tokens = metrics.counter('aether_model_tokens_total', 'Tokens by model and kind.')
  const cost = metrics.counter(
    'aether_model_cost_usd_total',
    'US dollars for tokens of models whose price is known.',
  )
  const fold = createFold(MOST_MODELS)

  function count(chunk: ModelChunk): void {
    if (chunk.kind !== 'usage') return
    const named = { model: fold(chunk.model) }
    tokens.add({ ...named, kind: 'prompt' }, chunk.promptTokens)
    tokens.add({ ...named, kind: 'completion' }, chunk.completionTokens)
    const price = costOf(prices, chunk.model, chunk)
    if (price) cost.add(named, price.total)
  }

  return {
    stream(request, call) {
      const asked = fold(request.model ?? model.name)
      return measureStream(model.stream(request, call), {
        now,
        signal: call.signal,
        onFirst: (seconds) => first.observe(seconds, { model: asked }),
        onItem: count,
        onEnd: (seconds, outcome) =>
          duration.observe(seconds, { model: asked, purpose: request.purpose, outcome }),
      })
    },
    resolve: (name, signal) => model.resolve(name, signal),
    offline: model.offline,
    name: model.name,
  }
}
