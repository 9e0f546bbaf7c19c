import { expect, test } from 'vitest'
import { ask } from './ask.ts'

const HISTORY =
  '<chat_history>\nUSER: How much electricity did I use last week?\nASSISTANT: 84.20 kWh.\n</chat_history>'
const openWebUi = (task: string, output: string) =>
  `### Task:\n${task}\n### Guidelines:\n- Be brief.\n### Output:\n${output}\n### Chat History:\n${HISTORY}`
const said = async (content: string) => (await ask([{ role: 'user', content }], [])).text

test('a title, in the client’s JSON', async () => {
  const text = await said(
    openWebUi(
      'Generate a concise, 3-5 word title with an emoji.',
      'JSON format: { "title": "your concise title here" }',
    ),
  )
  expect(JSON.parse(text)).toEqual({ title: 'How much electricity did I use' })
})

test('tags', async () => {
  const text = await said(
    openWebUi(
      'Generate 1-3 broad tags categorizing the main themes.',
      'JSON format: { "tags": ["tag1", "tag2"] }',
    ),
  )
  expect(JSON.parse(text)).toEqual({ tags: ['Home', 'Energy'] })
})

test('follow-ups that the model itself understands', async () => {
  const text = await said(
    openWebUi('Suggest 3-5 relevant follow-up questions.', 'JSON format: { "follow_ups": ["Question 1?"] }'),
  )
  expect(JSON.parse(text).follow_ups).toHaveLength(3)
})

test('no search is needed', async () => {
  const text = await said(
    openWebUi(
      'Determine the necessity of generating search queries.',
      'JSON format: { "queries": ["query1"] }',
    ),
  )
  expect(JSON.parse(text)).toEqual({ queries: [] })
})

test('LibreChat’s title is plain text', async () => {
  const text = await said(
    'Provide a concise, 5-word-or-less title for the conversation, using title case conventions.\n\nUser: Which lights are on?\nAI: None.',
  )
  expect(text).toBe('Which lights are on')
})

test('a person who speaks of titles and tags is no background task', async () => {
  expect(await said('What is the title of that song?')).toMatch(/can't do that offline/)
})
