import { describe, expect, test } from 'vitest'
import { parseChatRequest } from '../../../../functions/gateway/chat/parse-request.ts'
import { AetherError } from '../../../../shared/errors/aether-error.ts'

const hello = [{ role: 'user', content: 'hello' }]
const parse = (body: unknown) => parseChatRequest(body, { eventsHeader: false })

function fault(body: unknown): { code: string; param: string | undefined; message: string } {
  try {
    parse(body)
  } catch (thrown) {
    if (thrown instanceof AetherError)
      return { code: thrown.code, param: thrown.details.param, message: thrown.message }
    throw thrown
  }
  throw new Error('accepted')
}

describe('faults name path and reason, never the value', () => {
  test.each([
    ['no object', 'secret-value', 'INVALID_INPUT', undefined],
    ['an array', [], 'INVALID_INPUT', undefined],
    ['no messages', {}, 'INVALID_INPUT', 'messages'],
    ['empty messages', { messages: [] }, 'INVALID_INPUT', 'messages'],
    ['messages not a list', { messages: 'secret-value' }, 'INVALID_INPUT', 'messages'],
    ['a message that is text', { messages: ['secret-value'] }, 'INVALID_INPUT', 'messages[0]'],
    [
      'a wrong role',
      { messages: [{ role: 'secret-value', content: 'x' }] },
      'INVALID_INPUT',
      'messages[0].role',
    ],
    ['no role', { messages: [...hello, { content: 'x' }] }, 'INVALID_INPUT', 'messages[1].role'],
    [
      'content a number',
      { messages: [{ role: 'user', content: 5 }] },
      'INVALID_INPUT',
      'messages[0].content',
    ],
    [
      'a part whose text is a number',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 5 }] }] },
      'INVALID_INPUT',
      'messages[0].content[0].text',
    ],
    ['stream as text', { messages: hello, stream: 'secret-value' }, 'INVALID_INPUT', 'stream'],
    ['model a number', { messages: hello, model: 5 }, 'INVALID_INPUT', 'model'],
    ['stop with a number', { messages: hello, stop: [5] }, 'INVALID_INPUT', 'stop'],
    ['no tokens at all', { messages: hello, max_tokens: 0 }, 'INVALID_INPUT', 'max_tokens'],
    [
      'include_usage as text',
      { messages: hello, stream_options: { include_usage: 'secret-value' } },
      'INVALID_INPUT',
      'stream_options.include_usage',
    ],
    [
      'an empty conversation id',
      { messages: hello, conversation_id: '' },
      'INVALID_INPUT',
      'conversation_id',
    ],
    ['two choices', { messages: hello, n: 2 }, 'UNSUPPORTED_VALUE', 'n'],
    [
      'an unknown format',
      { messages: hello, response_format: { type: 'secret-value' } },
      'UNSUPPORTED_VALUE',
      'response_format.type',
    ],
    ['an unknown agent id', { messages: hello, model: 'aether/secret-value' }, 'MODEL_NOT_FOUND', 'model'],
    ['an unknown agent', { messages: hello, agent: 'secret-value' }, 'MODEL_NOT_FOUND', 'agent'],
  ])('%s', (_name, body, code, param) => {
    const error = fault(body)
    expect(error).toMatchObject({ code, param })
    expect(error.message).not.toContain('secret-value')
  })

  test('what is missing is said to be missing', () => {
    expect(fault({}).message).toBe('messages is missing.')
    expect(fault({ messages: [{ content: 'x' }] }).message).toBe('messages[0].role is missing.')
  })

  test('text over 64 KB is too large, 64 KB is not; bytes count, not characters', () => {
    const of = (content: unknown) => ({ messages: [{ role: 'user', content }] })
    expect(fault(of('x'.repeat(65_537)))).toMatchObject({ code: 'TOO_LARGE', param: 'messages[0].content' })
    expect(fault(of('€'.repeat(21_846))).code).toBe('TOO_LARGE')
    expect(fault(of([{ type: 'text', text: 'x'.repeat(65_537) }])).param).toBe('messages[0].content[0].text')
    expect(parse(of('x'.repeat(65_536))).messages).toHaveLength(1)
  })

  test('JSON deeper than 32 levels is too large', () => {
    const nested = (depth: number) => {
      let value: unknown = 1
      for (let i = 0; i < depth; i++) value = { a: value }
      return value
    }
    expect(fault({ messages: hello, extra: nested(40) }).code).toBe('TOO_LARGE')
    expect(parse({ messages: hello, extra: nested(25) }).agent).toBe('auto')
  })
})

describe('what is accepted', () => {
  test('all roles, null and part contents, and whatever else clients send', () => {
    const request = parse({
      messages: [
        { role: 'system', content: 'a' },
        { role: 'developer', content: 'b' },
        { role: 'assistant', content: null, tool_calls: [{ id: '1', type: 'function' }] },
        { role: 'tool', content: 'c', tool_call_id: '1' },
        { role: 'function', name: 'f', content: 'd' },
        { role: 'assistant' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'e' },
            { type: 'image_url', image_url: { url: 'x' } },
          ],
        },
      ],
      temperature: 'warm',
      top_p: 7,
      logit_bias: {},
      seed: 1,
      store: true,
      chat_template_kwargs: { a: 1 },
      parallel_tool_calls: false,
      tools: 'none',
      user: 5,
      metadata: 'x',
      stream: null,
      n: null,
      stop: null,
      response_format: null,
      stream_options: null,
    })
    expect(request).toMatchObject({ stream: false, stop: [], responseFormat: null, user: null, metadata: {} })
    expect(request.messages).toHaveLength(7)
  })

  test('the body may choose the events, the header is the default', () => {
    expect(parse({ messages: hello, aether: { events: true } }).events).toBe(true)
    expect(parseChatRequest({ messages: hello }, { eventsHeader: true }).events).toBe(true)
    expect(
      parseChatRequest({ messages: hello, aether: { events: false } }, { eventsHeader: true }).events,
    ).toBe(false)
  })

  test('lengths, stops, formats and tools', () => {
    const request = parse({
      messages: hello,
      max_tokens: 150,
      max_completion_tokens: 99,
      stop: ['END', ''],
      response_format: { type: 'json_schema', json_schema: { name: 'x' } },
      tools: [{ type: 'function', function: { name: 'HassTurnOn' } }],
      functions: [{ name: 'execute_services' }],
    })
    expect(request.maxTokens).toBe(99)
    expect(request.stop).toEqual(['END'])
    expect(request.responseFormat).toEqual({ type: 'json_schema', json_schema: { name: 'x' } })
    expect(request.toolNames).toEqual(['HassTurnOn', 'execute_services'])
    expect(parse({ messages: hello, response_format: { type: 'text' } }).responseFormat).toBeNull()
  })
})

describe('who answers', () => {
  test.each([
    [{}, 'auto', null],
    [{ model: 'aether/auto' }, 'auto', null],
    [{ model: 'aether/energy' }, 'energy', null],
    [{ model: 'gpt-4o' }, 'auto', 'gpt-4o'],
    [{ model: 'gpt-4o', agent: 'architect' }, 'architect', 'gpt-4o'],
    [{ model: 'aether/energy', agent: 'auto' }, 'auto', null],
    [{ model: 'aether/utility' }, 'utility', null],
  ])('%j', (body, agent, languageModel) => {
    expect(parse({ messages: hello, ...body })).toMatchObject({ agent, languageModel })
  })

  test('an unknown agent id in the model is refused even beside a good agent', () => {
    expect(fault({ messages: hello, model: 'aether/nope', agent: 'auto' }).code).toBe('MODEL_NOT_FOUND')
  })
})
