import { describe, expect, test } from 'vitest'
import { isBackgroundTask } from '../../../../functions/gateway/chat/background.ts'

const OPEN_WEBUI_TITLE = `### Task:
Generate a concise, 3-5 word title with an emoji summarizing the chat history.
### Guidelines:
- The title should clearly represent the main theme or subject of the conversation.
### Output:
JSON format: { "title": "your concise title here" }
### Chat History:
<chat_history>
USER: Analyze my energy usage
ASSISTANT: You used 84.2 kWh.
</chat_history>`

const LIBRECHAT_TITLE = `Provide a concise, 5-word-or-less title for the conversation, using title case conventions. Only return the title itself.

||>User:
"Analyze my energy usage"
||>Response:
"You used 84.2 kWh last week, at a cost of 29.48 EUR."`

const is = (
  content: string,
  extra: { agent?: 'auto' | 'utility'; metadata?: object; headers?: object } = {},
) =>
  isBackgroundTask(
    { agent: extra.agent ?? 'auto', metadata: { ...extra.metadata } },
    new Headers({ ...extra.headers }),
    [{ role: 'user', content, said: true }],
  )

describe('isBackgroundTask', () => {
  test('by header, metadata or agent', () => {
    expect(is('x', { headers: { 'x-openwebui-task': 'title_generation' } })).toBe(true)
    expect(is('x', { metadata: { task: 'tags_generation' } })).toBe(true)
    expect(is('x', { agent: 'utility' })).toBe(true)
  })

  test('by the known templates', () => {
    expect(is(OPEN_WEBUI_TITLE)).toBe(true)
    expect(is(LIBRECHAT_TITLE)).toBe(true)
  })

  test.each([
    'Generate a title for my energy report',
    '### Task: tell me the peak',
    '### Task:\nTell me about <chat_history>',
    'Provide a concise, 5-word-or-less title ||>User:',
    'What is using power?',
    'Please '.repeat(100),
    `Here is my log, what is wrong with it? ${'2026-01-01 ERROR sensor unavailable\n'.repeat(50)}`,
    `### Task:\n${'Find out which device uses most at night. '.repeat(10)}`,
  ])('never a question of a person: %s', (question) => {
    expect(is(question)).toBe(false)
  })

  test('empty marks do not count', () => {
    expect(is('What is on?', { headers: { 'x-openwebui-task': ' ' }, metadata: { task: '' } })).toBe(false)
  })
})
