import type { LanguageModel, ModelCall, ModelChunk, ModelRequest } from '../llm/port.ts'
import { type Cost, costOf } from '../llm/prices.ts'
import {
  INPUT_TOKENS,
  LLM_COST,
  OPERATION,
  OUTPUT_TOKENS,
  PROVIDER,
  REQUEST_MAX_TOKENS,
  REQUEST_MODEL,
  RESPONSE_MODEL,
} from './attributes.ts'
import type { Tracer } from './tracer.ts'

/** The model with a span for each call below `parent`: prompt, answer, tokens, and how long the first piece took. */
export function traceModel(model: LanguageModel, tracer: Tracer, parent: string): LanguageModel {
  return {
    offline: model.offline,
    name: model.name,
    resolve: (name, signal) => model.resolve(name, signal),
    stream: (request, call) => traced(model, tracer, parent, request, call),
  }
}

async function* traced(
  model: LanguageModel,
  tracer: Tracer,
  parent: string,
  request: ModelRequest,
  call: ModelCall,
): AsyncGenerator<ModelChunk, void, undefined> {
  const asked = request.model ?? model.name
  const span = tracer.start({
    name: `chat ${asked}`,
    parent,
    kind: 'client',
    type: 'CHAT_MODEL',
    attributes: {
      [OPERATION]: 'chat',
      [PROVIDER]: model.offline ? 'aether' : 'openai',
      [REQUEST_MODEL]: asked,
      [REQUEST_MAX_TOKENS]: request.maxTokens,
      'aether.purpose': request.purpose,
    },
    inputs: { messages: request.messages, tools: request.tools?.map((tool) => tool.name) },
  })
  const answer = { text: '', toolCalls: [] as unknown[] }
  try {
    for await (const chunk of model.stream(request, call)) {
      if (chunk.kind === 'text') answer.text += chunk.delta
      else if (chunk.kind === 'tool_call') answer.toolCalls.push(chunk.call)
      else if (chunk.kind === 'usage')
        span.set({
          [RESPONSE_MODEL]: chunk.model,
          [INPUT_TOKENS]: chunk.promptTokens,
          [OUTPUT_TOKENS]: chunk.completionTokens,
          [LLM_COST]: toCost(costOf(tracer.prices, chunk.model, chunk)),
        })
      yield chunk
    }
    span.outputs(answer)
  } catch (thrown) {
    span.outputs(answer)
    span.end(thrown)
    throw thrown
  } finally {
    span.end()
  }
}

/** As MLflow reads it. */
function toCost(cost: Cost | null): string | undefined {
  if (cost === null) return undefined
  return JSON.stringify({ input_cost: cost.input, output_cost: cost.output, total_cost: cost.total })
}
