import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createOfflineModel } from '../../../../shared/llm/offline/model.ts'
import { ask, CONVERSE_TOOLS, offlineClient } from './ask.ts'

const model = createOfflineModel({ now: () => 1_795_000_000_000, newId: (prefix) => `${prefix}_1` })
const post = (body: string, path = '/v1/chat/completions') =>
  model.fetch(new Request(`http://offline.test${path}`, { method: 'POST', body }))

describe('the wire, read by the real client', () => {
  test('it lists itself', async () => {
    const ids = []
    for await (const each of offlineClient().models.list()) ids.push(each.id)
    expect(ids).toEqual(['aether-offline'])
  })

  test.each([
    ['hello'],
    ['What did electricity cost last month?'],
    ['which lights are on, and how much did I use yesterday?'],
  ])('streamed and whole say the same: %s', async (content) => {
    const client = offlineClient()
    const tools = CONVERSE_TOOLS.map((name) => ({ type: 'function' as const, function: { name } }))
    const body = { model: 'aether-offline', messages: [{ role: 'user' as const, content }], tools }
    const whole = await client.chat.completions.create(body)
    const stream = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } })
    const streamed = await stream.finalChatCompletion()
    const message = (completion: typeof whole) => {
      const { content: text, tool_calls: calls } = completion.choices[0]!.message
      return {
        text: text ?? null,
        calls:
          calls?.map((call) =>
            call.type === 'function' ? [call.function.name, call.function.arguments] : null,
          ) ?? [],
      }
    }
    expect(message(streamed)).toEqual(message(whole))
    expect(streamed.choices[0]?.finish_reason).toBe(whole.choices[0]?.finish_reason)
    expect(streamed.usage).toEqual(whole.usage)
    expect(whole.usage?.total_tokens).toBe(whole.usage!.prompt_tokens + whole.usage!.completion_tokens)
  })

  test('content in parts is read', async () => {
    const { text } = await ask([{ role: 'user', content: [{ type: 'text', text: 'hello' }] }], CONVERSE_TOOLS)
    expect(text).toMatch(/Hello/)
  })
})

test.each([
  ['no JSON', '{', 400, 'malformed_json'],
  ['no messages', '{"messages": 3}', 400, 'invalid_input'],
  ['an empty list', '{"messages": []}', 400, 'invalid_input'],
])('%s is refused in OpenAI’s shape', async (_, body, status, code) => {
  const response = await post(body)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ error: { code, type: 'invalid_request_error' } })
})

test('other paths are not found', async () => {
  expect((await post('{}', '/v1/embeddings')).status).toBe(404)
})

const TOOL_SETS = [[], CONVERSE_TOOLS, ['route', 'clarify'], ['select_analysts'], ['submit_script']]

test('whatever a user says, a well-formed completion comes back', async () => {
  const someText = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.lorem({ maxCount: 12 }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(someText, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...TOOL_SETS),
      async (texts, tools) => {
        const messages = texts.map((content, i) => ({
          role: i % 2 === 0 ? ('user' as const) : ('assistant' as const),
          content,
        }))
        const { text, calls } = await ask(messages, tools)
        expect(text.length + calls.length).toBeGreaterThan(0)
        for (const call of calls) expect(tools).toContain(call.name)
      },
    ),
    { numRuns: 300 },
  )
})

test('messages of any shape are no crash', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { minLength: 1, maxLength: 4 }),
      fc.jsonValue(),
      async (messages, format) => {
        const response = await post(
          JSON.stringify({ messages, tools: messages, response_format: format, stream: false }),
        )
        expect([200, 400]).toContain(response.status)
        expect(await response.json()).toBeTypeOf('object')
      },
    ),
    { numRuns: 200 },
  )
})

const LONG = 60_000
test.each([
  ['words', 'how much did I use last week and '.repeat(LONG / 30)],
  ['dashes', `${'-'.repeat(LONG)}a`],
  ['spaces', `a${' '.repeat(LONG)}b`],
  ['question marks', `${'?'.repeat(LONG)}a`],
  ['mixed marks', `${'-.:?!'.repeat(LONG / 5)}a`],
  ['quotes', `.${'"'.repeat(LONG)} a`],
  ['words of clients', `### Task: title ${'tags <chat_history> '.repeat(LONG / 20)}`],
])('a very long text of %s is answered', async (_, content) => {
  for (const tools of TOOL_SETS) {
    const { text, calls } = await ask([{ role: 'user', content }], tools)
    expect(text.length + calls.length).toBeGreaterThan(0)
  }
})
