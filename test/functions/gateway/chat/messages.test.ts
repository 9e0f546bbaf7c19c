import { describe, expect, test } from 'vitest'
import { cleanMessages, newestMessages } from '../../../../functions/gateway/chat/messages.ts'

describe('cleanMessages', () => {
  test('joins text parts, drops images and says so', () => {
    const { messages, imagesIgnored } = cleanMessages([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'How much' },
          { type: 'image_url' },
          { type: 'text', text: 'yesterday?' },
        ],
      },
    ])
    expect(messages).toEqual([{ role: 'user', content: 'How much\nyesterday?', said: true }])
    expect(imagesIgnored).toBe(true)
  })

  test('removes echoed thinking of assistants, closed or cut off, and never what a user wrote', () => {
    const { messages } = cleanMessages([
      { role: 'assistant', content: '<think>secret plan</think>\n84.2 kWh' },
      {
        role: 'assistant',
        content: '<details type="reasoning" done="true">\n<summary>x</summary>plan\n</details>\nYes.',
      },
      { role: 'assistant', content: '<think>never closed' },
      { role: 'user', content: 'What does <think>x</think> mean?' },
    ])
    expect(messages.map((m) => m.content)).toEqual(['84.2 kWh', 'Yes.', 'What does <think>x</think> mean?'])
  })

  test('keeps other details blocks', () => {
    const text = '<details><summary>Table</summary>1</details>'
    expect(
      cleanMessages([
        { role: 'assistant', content: text },
        { role: 'user', content: 'x' },
      ]).messages[0]?.content,
    ).toBe(text)
  })

  test('system and developer messages are instructions, tools become text; neither counts as said', () => {
    const { messages } = cleanMessages([
      { role: 'system', content: 'Be kind.' },
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Which lights are on?' },
      { role: 'assistant', content: null },
      { role: 'function', content: 'light.kitchen: on' },
      { role: 'user', content: 'Well?' },
    ])
    expect(messages).toEqual([
      { role: 'system', content: 'Be kind.', said: false },
      { role: 'system', content: 'Be brief.', said: false },
      { role: 'user', content: 'Which lights are on?', said: true },
      { role: 'assistant', content: "Result of a client's tool: light.kitchen: on", said: false },
      { role: 'user', content: 'Well?', said: true },
    ])
  })

  test.each([
    ['no user at all', [{ role: 'system' as const, content: 'x' }], 'messages'],
    ['an empty question', [{ role: 'user' as const, content: '  ' }], 'messages[0].content'],
    ['only an image', [{ role: 'user' as const, content: [{ type: 'image_url' }] }], 'messages[0].content'],
  ])('%s is refused with its path', (_name, inbound, param) => {
    expect(() => cleanMessages(inbound)).toThrowError(expect.objectContaining({ details: { param } }))
  })
})

describe('newestMessages', () => {
  const many = Array.from({ length: 2_500 }, (_, i) => ({ role: 'user' as const, content: String(i) }))

  test('keeps the newest 2,000', () => {
    const kept = newestMessages(many)
    expect(kept).toHaveLength(2_000)
    expect(kept.at(-1)?.content).toBe('2499')
  })

  test("keeps the client's instructions with them", () => {
    const kept = newestMessages([{ role: 'system' as const, content: 'first' }, ...many])
    expect(kept).toHaveLength(2_000)
    expect(kept[0]?.content).toBe('first')
    expect(kept.at(-1)?.content).toBe('2499')
  })

  test('keeps what fits into the body of a call, and the question always', () => {
    const long = Array.from({ length: 20 }, (_, i) => ({
      role: 'user' as const,
      content: `${i}`.padEnd(20_000, '€'),
    }))
    const kept = newestMessages([{ role: 'system' as const, content: 'first' }, ...long])
    expect(new TextEncoder().encode(JSON.stringify(kept)).length).toBeLessThan(520 * 1_024)
    expect(kept[0]?.content).toBe('first')
    expect(kept.at(-1)?.content.startsWith('19')).toBe(true)
    expect(kept.length).toBeGreaterThan(3)
  })
})
