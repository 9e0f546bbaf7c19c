import type { ChatRequest } from './parse-request.ts'

type Shape = Pick<ChatRequest, 'toolNames' | 'user' | 'metadata' | 'maxTokens'>

/** Home Assistant's own conversation ids: a ULID, or 32 hexadecimal digits. */
const CONVERSATION_ID = /^(?:[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{32})$/i
/** Extended OpenAI's functions as shipped. */
const EXTENDED_TOOLS = ['execute_services', 'add_automation', 'get_history', 'get_energy_statistic_ids']

/** Extended OpenAI Conversation: its conversation id in `user`, with its own functions or its default of 150 tokens. */
export function isExtendedOpenAI(request: Shape): boolean {
  if (request.user === null || !CONVERSATION_ID.test(request.user)) return false
  return request.maxTokens === 150 || request.toolNames.some((name) => EXTENDED_TOOLS.includes(name))
}

/** A voice assistant of Home Assistant, which reads its answers aloud: Extended OpenAI, local_openai, Assist tools. */
export function isVoiceClient(request: Shape, headers: Headers): boolean {
  if (isExtendedOpenAI(request)) return true
  if (request.toolNames.some((name) => name.startsWith('Hass') || name === 'GetLiveContext')) return true
  return /\bHomeAssistant\//.test(headers.get('user-agent') ?? '')
}
