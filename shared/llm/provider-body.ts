import type OpenAI from 'openai'
import type { ModelMessage, ModelRequest } from './port.ts'

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming

/** The request as chat completions have it. Only keys that every provider knows are sent. */
export function toProviderBody(request: ModelRequest, model: string): Body {
  const body: Body = {
    model,
    messages: request.messages.map(toProviderMessage),
    stream: true,
    stream_options: { include_usage: true },
  }
  if (request.tools && request.tools.length > 0) {
    body.tools = request.tools.map((tool) => ({
      type: 'function',
      function: { name: tool.name, description: tool.description, parameters: { ...tool.parameters } },
    }))
    if (request.requiredTool)
      body.tool_choice = { type: 'function', function: { name: request.requiredTool } }
  }
  if (request.maxTokens) body.max_tokens = request.maxTokens
  if (request.responseFormat) body.response_format = asResponseFormat(request.responseFormat)
  return body
}

function toProviderMessage(message: ModelMessage): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  switch (message.role) {
    case 'tool':
      return { role: 'tool', content: message.content, tool_call_id: message.toolCallId }
    case 'assistant':
      if (!message.toolCalls || message.toolCalls.length === 0)
        return { role: 'assistant', content: message.content }
      return {
        role: 'assistant',
        content: message.content === '' ? null : message.content,
        tool_calls: message.toolCalls.map((call) => ({
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: call.arguments },
        })),
      }
    default:
      return { role: message.role, content: message.content }
  }
}

/** The client's own `response_format`, which the gateway has checked to be an object with a known `type`. */
function asResponseFormat(format: NonNullable<ModelRequest['responseFormat']>) {
  return { ...format } as NonNullable<Body['response_format']>
}
