import type { Now } from '../domain/ids.ts'
import { createFold } from '../http/fold.ts'
import type { Metrics } from '../http/metrics.ts'
import type { LanguageModel, ModelCall, ModelChunk, ModelRequest } from './port.ts'
import { costOf, type Prices } from './prices.ts'

/** Names of models that are told apart in metrics. */
const MOST_MODELS = 20

/**
 * The same model, measured: calls by purpose and end, time to the first token and to the last, tokens and cost. `left`: the
 * caller went away before the end.
 */
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

  async function* stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelChunk> {
    const start = now()
    const asked = fold(request.model ?? model.name)
    const seconds = () => (now() - start) / 1_000
    let begun = false
    let outcome = 'left'
    try {
      for await (const chunk of model.stream(request, call)) {
        if (!begun) first.observe(seconds(), { model: asked })
        begun = true
        if (chunk.kind === 'usage') {
          const named = { model: fold(chunk.model) }
          tokens.add({ ...named, kind: 'prompt' }, chunk.promptTokens)
          tokens.add({ ...named, kind: 'completion' }, chunk.completionTokens)
          const price = costOf(prices, chunk.model, chunk)
          if (price) cost.add(named, price.total)
        }
        yield chunk
      }
      outcome = 'ok'
    } catch (thrown) {
      outcome = call.signal.aborted ? 'left' : 'error'
      throw thrown
    } finally {
      duration.observe(seconds(), { model: asked, purpose: request.purpose, outcome })
    }
  }

  return {
    stream,
    resolve: (name, signal) => model.resolve(name, signal),
    offline: model.offline,
    name: model.name,
  }
}
