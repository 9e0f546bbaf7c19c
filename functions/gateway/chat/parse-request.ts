import * as v from 'valibot'
import { type AgentName, isAgent } from '../../../shared/domain/names.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { invalidInput } from '../../../shared/errors/invalid-input.ts'
import { type ChatBody, chatBody, type InboundMessage } from './request-schema.ts'

const MAX_DEPTH = 32
const MAX_TEXT_BYTES = 64 * 1024
const FORMATS = ['text', 'json_object', 'json_schema']

/** A chat completion request after checking; what clients may leave out is filled in. */
export interface ChatRequest {
  /** As the client wrote it, echoed in the answer. */
  readonly model: string
  readonly agent: AgentName
  /** Name of the language model that was asked for, or null where the model named an agent. */
  readonly languageModel: string | null
  readonly messages: readonly InboundMessage[]
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly events: boolean
  readonly stop: readonly string[]
  readonly maxTokens: number | null
  readonly responseFormat: { readonly type: string; readonly [key: string]: unknown } | null
  readonly conversationId: string | null
  readonly user: string | null
  readonly metadata: Readonly<Record<string, unknown>>
  /** Names of the tools that the client sent. */
  readonly toolNames: readonly string[]
}

/**
 * Checks a request's body. INVALID_INPUT names the path from the body's root and the reason, never the value;
 * MODEL_NOT_FOUND an unknown agent, UNSUPPORTED_VALUE what we do not do, TOO_LARGE what is over the bounds.
 */
export function parseChatRequest(body: unknown, options: { eventsHeader: boolean }): ChatRequest {
  checkDepth(body)
  if (!isRecord(body)) throw new AetherError('INVALID_INPUT', 'The body must be a JSON object.')
  const parsed = v.safeParse(chatBody, body, { abortEarly: true })
  if (!parsed.success) throw invalidInput(parsed.issues, '', (issue) => issue.message)
  const input = parsed.output
  if (typeof input.n === 'number' && input.n > 1)
    throw unsupported('Only one choice is made: n must be 1.', 'n')
  if (input.response_format != null && !FORMATS.includes(input.response_format.type))
    throw unsupported('response_format must be text, json_object or json_schema.', 'response_format.type')
  input.messages.forEach(checkSize)
  const model = input.model ?? 'aether/auto'
  return {
    model,
    ...chooseAgent(model, input.agent ?? null),
    messages: input.messages,
    stream: input.stream ?? false,
    includeUsage: input.stream_options?.include_usage ?? false,
    events: input.aether?.events ?? options.eventsHeader,
    stop: [input.stop ?? []].flat().filter((word) => word !== ''),
    maxTokens: input.max_completion_tokens ?? input.max_tokens ?? null,
    responseFormat:
      input.response_format == null || input.response_format.type === 'text' ? null : input.response_format,
    conversationId: input.conversation_id ?? null,
    user: typeof input.user === 'string' && input.user !== '' ? input.user : null,
    metadata: isRecord(input.metadata) ? input.metadata : {},
    toolNames: toolNames(input),
  }
}

/** The agent by the body's `agent`, else by the model's id; any other model names a language model. */
function chooseAgent(
  model: string,
  agent: string | null,
): { agent: AgentName; languageModel: string | null } {
  const named = model.startsWith('aether/') ? model.slice('aether/'.length) : null
  if (named !== null && !isAgent(named)) throw new AetherError('MODEL_NOT_FOUND', undefined, at('model'))
  if (agent !== null && !isAgent(agent)) throw new AetherError('MODEL_NOT_FOUND', undefined, at('agent'))
  return { agent: agent ?? named ?? 'auto', languageModel: named === null ? model : null }
}

function checkSize(message: InboundMessage, i: number): void {
  const { content } = message
  if (typeof content === 'string') checkText(content, `messages[${i}].content`)
  else if (Array.isArray(content))
    content.forEach((part, j) => {
      if (typeof part.text === 'string') checkText(part.text, `messages[${i}].content[${j}].text`)
    })
}

function checkText(text: string, param: string): void {
  // A UTF-16 unit takes at most three bytes in UTF-8: short texts need no counting.
  if (text.length * 3 <= MAX_TEXT_BYTES || new TextEncoder().encode(text).length <= MAX_TEXT_BYTES) return
  throw new AetherError('TOO_LARGE', 'A message may hold at most 64 KB of text.', at(param))
}

function checkDepth(body: unknown): void {
  let level: unknown[] = [body]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new AetherError('TOO_LARGE', 'The JSON may be at most 32 levels deep.')
    level = level.flatMap((value) =>
      value !== null && typeof value === 'object' ? Object.values(value).filter(isObject) : [],
    )
  }
}

function toolNames(input: ChatBody): string[] {
  return [...(input.tools ?? []), ...(input.functions ?? [])].flatMap((tool) => {
    const spec = isRecord(tool) && isRecord(tool.function) ? tool.function : tool
    return isRecord(spec) && typeof spec.name === 'string' ? [spec.name] : []
  })
}

const at = (param: string) => ({ details: { param } })
const isObject = (value: unknown): value is object => value !== null && typeof value === 'object'
const isRecord = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !Array.isArray(value)
const unsupported = (message: string, param: string) =>
  new AetherError('UNSUPPORTED_VALUE', message, at(param))
