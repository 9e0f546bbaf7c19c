import type OpenAI from 'openai'
import { AetherError } from '../errors/aether-error.ts'
import type { ModelChunk } from './port.ts'
import { createThinkSplitter } from './think.ts'
import { estimateTokens } from './tokens.ts'
import { createToolCallAssembler } from './tool-calls.ts'
import type { Watch } from './watch.ts'

type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk
type Body = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming

/**
 * Reads a provider's chunk stream: text and thinking as they come, tool calls whole at the end, usage last (estimated
 * where the provider sends none). Throws when the stream ends without a finish reason: such an answer was cut off.
 */
export async function* readChunks(
  stream: AsyncIterable<Chunk>,
  body: Body,
  watch: Watch,
  onFirst: () => void,
): AsyncGenerator<ModelChunk> {
  const thoughts = createThinkSplitter()
  const tools = createToolCallAssembler()
  let usage: Chunk['usage'] = null
  let model = body.model
  let written = ''
  let finished = false
  for await (const chunk of stream) {
    watch.pause()
    onFirst()
    if (chunk.usage) usage = chunk.usage
    if (typeof chunk.model === 'string' && chunk.model !== '') model = chunk.model
    const choice = chunk.choices?.[0]
    if (choice?.finish_reason) finished = true
    const delta = choice?.delta
    const reasoning = delta ? reasoningOf(delta) : ''
    written += reasoning
    if (reasoning) yield { kind: 'reasoning', delta: reasoning }
    if (typeof delta?.content === 'string') {
      written += delta.content
      yield* thoughts.push(delta.content)
    }
    if (Array.isArray(delta?.tool_calls)) tools.push(delta.tool_calls)
    watch.waitFor('idle')
  }
  watch.pause()
  const stopped = watch.reason()
  if (stopped !== null) throw stopped
  if (!finished) throw cutOff()
  yield* thoughts.end()
  const calls = tools.end()
  for (const call of calls) yield { kind: 'tool_call', call }
  const wrote = written + calls.map((call) => call.name + call.arguments).join('')
  yield { kind: 'usage', model, ...countsOf(usage, body, wrote) }
}

function cutOff(): AetherError {
  return new AetherError(
    'LLM_UNAVAILABLE',
    'The answer of the language model was cut off. Try again shortly.',
    { cause: new Error('the stream ended without a finish_reason') },
  )
}

/** Thinking as its two usual keys carry it; neither is in the package's types. */
function reasoningOf(delta: object): string {
  for (const key of ['reasoning_content', 'reasoning']) {
    const value: unknown = Reflect.get(delta, key)
    if (typeof value === 'string' && value !== '') return value
  }
  return ''
}

function countsOf(usage: Chunk['usage'], body: Body, wrote: string) {
  const prompt = usage?.prompt_tokens
  const completion = usage?.completion_tokens
  if (typeof prompt === 'number' && typeof completion === 'number')
    return {
      promptTokens: prompt,
      completionTokens: completion,
      totalTokens: usage?.total_tokens ?? prompt + completion,
    }
  const promptTokens = estimateTokens(JSON.stringify([body.messages, body.tools ?? []]))
  const completionTokens = estimateTokens(wrote)
  return { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens }
}
