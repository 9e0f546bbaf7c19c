import type { Turn } from '../../shared/domain/turn.ts'
import { AetherError } from '../../shared/errors/aether-error.ts'

/**
 * The final message as bare JSON: code fences and prose around it are taken off. A text that holds none becomes
 * `{"answer": …}` for `json_object`; for a schema that would be a lie, so `LLM_UNAVAILABLE` is thrown.
 */
export function toFinalJson(text: string, turn: Turn): string {
  const start = text.search(/[{[]/)
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  for (const candidate of [text.trim(), start >= 0 && end > start ? text.slice(start, end + 1) : ''])
    if (isJson(candidate)) return candidate
  if (turn.hints.responseFormat?.type === 'json_object') return JSON.stringify({ answer: text.trim() })
  throw new AetherError(
    'LLM_UNAVAILABLE',
    'The language model did not keep to the requested JSON schema. Try again, or use another model.',
  )
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
  } catch {
    return false // the next candidate is tried
  }
}
