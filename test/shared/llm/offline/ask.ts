import OpenAI from 'openai'
import { dataBlock } from '../../../../shared/llm/data-block.ts'
import { createOfflineModel } from '../../../../shared/llm/offline/model.ts'

/** Tuesday 24 November 2026, 04:00 in Berlin; data since October 2025. */
export const HOME = {
  id: 'demo',
  name: 'Demo home',
  source: 'demo',
  time_zone: 'Europe/Berlin',
  currency: 'EUR',
  now: '2026-11-24T03:00:00.000Z',
  data_start: '2025-10-01T00:00:00.000Z',
  data_end: '2026-11-24T03:00:00.000Z',
  notes: [],
}

/** The real client over the offline model, with no network between. */
export function offlineClient(): OpenAI {
  let id = 0
  const model = createOfflineModel({ now: () => 1_795_000_000_000, newId: (prefix) => `${prefix}_${++id}` })
  return new OpenAI({
    apiKey: 'none',
    baseURL: 'http://offline.test/v1',
    maxRetries: 0,
    fetch: (url, init) => model.fetch(new Request(url, init)),
  })
}

type Message = OpenAI.Chat.Completions.ChatCompletionMessageParam

const toolsOf = (names: readonly string[]): OpenAI.Chat.Completions.ChatCompletionFunctionTool[] =>
  names.map((name) => ({ type: 'function', function: { name, parameters: { type: 'object' } } }))

export interface Asked {
  readonly text: string
  readonly calls: readonly { readonly name: string; readonly args: Record<string, unknown> }[]
}

/** One completion with these tools on offer. */
export async function ask(
  messages: readonly Message[],
  tools: readonly string[],
  extra: Record<string, unknown> = {},
): Promise<Asked> {
  const completion = await offlineClient().chat.completions.create({
    model: 'aether-offline',
    messages: [...messages],
    ...(tools.length > 0 ? { tools: toolsOf(tools) } : {}),
    ...extra,
  })
  const message = completion.choices[0]?.message
  return {
    text: message?.content ?? '',
    calls: (message?.tool_calls ?? []).flatMap((call) =>
      call.type === 'function'
        ? [{ name: call.function.name, args: JSON.parse(call.function.arguments) }]
        : [],
    ),
  }
}

export const CONVERSE_TOOLS = ['analyze', 'find_entities', 'get_states', 'propose_change']

/** The architect's first step for the last of these questions, the earlier ones answered. */
export function converse(questions: readonly string[], reply: Record<string, unknown> = {}): Promise<Asked> {
  const messages: Message[] = [
    { role: 'system', content: `${dataBlock('home', HOME, 'n')}\n${dataBlock('reply', reply, 'n')}` },
  ]
  for (const [i, question] of questions.entries()) {
    messages.push({ role: 'user', content: question })
    if (i < questions.length - 1) messages.push({ role: 'assistant', content: 'So be it.' })
  }
  return ask(messages, CONVERSE_TOOLS)
}

/** What ds_orchestrator would be told for this question. */
export async function selectFor(question: Record<string, unknown>): Promise<Record<string, unknown>> {
  const content = `${dataBlock('home', HOME, 'n')}\n${dataBlock('question', { analysts: null, window: null, compare: null, ...question }, 'n')}`
  const { calls } = await ask([{ role: 'user', content }], ['select_analysts'])
  return calls[0]?.args ?? {}
}

/** One message with one data block and a tool or none. */
export function askWithBlock(kind: string, value: unknown, tools: readonly string[] = []): Promise<Asked> {
  return ask([{ role: 'user', content: dataBlock(kind, value, 'n') }], tools)
}
