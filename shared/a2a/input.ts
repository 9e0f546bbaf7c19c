import type { Message } from '@a2a-js/sdk'

/** What an agent is sent: the text, and typed data by the name of its schema (snake_case, unchecked). */
export interface AgentInput {
  readonly text: string
  readonly data: ReadonlyMap<string, Record<string, unknown>>
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads the parts of a message: texts joined by line ends, data parts of the form `{schema, data}`. */
export function inputOf(message: Message): AgentInput {
  const texts: string[] = []
  const data = new Map<string, Record<string, unknown>>()
  for (const { content } of message.parts) {
    if (content?.$case === 'text') texts.push(content.value)
    if (content?.$case !== 'data' || !isRecord(content.value)) continue
    const { schema, data: value } = content.value
    if (typeof schema === 'string' && isRecord(value)) data.set(schema, value)
  }
  return { text: texts.join('\n'), data }
}
