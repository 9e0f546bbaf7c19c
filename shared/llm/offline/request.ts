/** A message of the request, reduced to what rules read. */
export interface OfflineMessage {
  readonly role: string
  readonly content: string
  /** Names of the tools that an assistant message called. */
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[]
  readonly toolCallId: string | null
}

/** A chat completion request as the rules see it. */
export interface OfflineRequest {
  readonly model: string
  readonly messages: readonly OfflineMessage[]
  /** Names of the tools offered. */
  readonly tools: readonly string[]
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly responseFormat: Readonly<Record<string, unknown>> | null
}

/** Reads a request body leniently: what has the wrong shape counts as absent. Null when it is no object with messages. */
export function readRequest(body: unknown): OfflineRequest | null {
  if (!isRecord(body) || !Array.isArray(body.messages)) return null
  const options = isRecord(body.stream_options) ? body.stream_options : {}
  return {
    model: typeof body.model === 'string' ? body.model : '',
    messages: body.messages.filter(isRecord).map(readMessage),
    tools: list(body.tools).flatMap((tool) => name(isRecord(tool) ? tool.function : null)),
    stream: body.stream === true,
    includeUsage: options.include_usage === true,
    responseFormat: isRecord(body.response_format) ? body.response_format : null,
  }
}

function readMessage(message: Record<string, unknown>): OfflineMessage {
  return {
    role: typeof message.role === 'string' ? message.role : '',
    content: readContent(message.content),
    calls: list(message.tool_calls).flatMap(readCall),
    toolCallId: typeof message.tool_call_id === 'string' ? message.tool_call_id : null,
  }
}

function readContent(content: unknown): string {
  if (typeof content === 'string') return content
  return list(content)
    .map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : ''))
    .filter(Boolean)
    .join('\n')
}

function readCall(call: unknown): OfflineMessage['calls'] {
  if (!isRecord(call) || !isRecord(call.function)) return []
  const { name: called, arguments: args } = call.function
  if (typeof called !== 'string') return []
  return [
    {
      id: typeof call.id === 'string' ? call.id : '',
      name: called,
      arguments: typeof args === 'string' ? args : '',
    },
  ]
}

const name = (tool: unknown): string[] => (isRecord(tool) && typeof tool.name === 'string' ? [tool.name] : [])

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** True for a plain JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
