import { expect, test } from 'vitest'
import { createCard } from '../../../shared/a2a/card.ts'
import { jsonOf } from './scripted-agent.ts'
import { messageOf, tckAgent } from './tck-harness.ts'

const OURS = 'urn:aether:a2a:typed-events:v1'
const message = () => messageOf('tck-complete-task')
const extension = (uri: string, required: boolean) => ({ uri, required, description: 'x', params: undefined })

test('a card tells that events are typed', () => {
  const card = createCard({
    service: 'architect',
    name: 'n',
    description: 'd',
    version: '1',
    url: 'https://x.example',
    skills: [{ id: 's', name: 's', description: 's', tags: ['t'] }],
  })
  expect(card.capabilities?.extensions).toMatchObject([{ uri: OURS, required: false }])
})

test.each<[string, (agent: ReturnType<typeof tckAgent>, asked: string) => Promise<Response>]>([
  [
    'JSON-RPC',
    (agent, asked) =>
      agent.rpc('SendMessage', { message: message() }, { headers: { 'a2a-extensions': asked } }),
  ],
  [
    'a JSON-RPC stream',
    (agent, asked) =>
      agent.rpc('SendStreamingMessage', { message: message() }, { headers: { 'a2a-extensions': asked } }),
  ],
  [
    'HTTP+JSON',
    (agent, asked) =>
      agent.request('/message:send', { body: { message: message() }, headers: { 'a2a-extensions': asked } }),
  ],
])('%s answers with those of the asked ones that it has', async (_name, send) => {
  const agent = tckAgent()
  expect((await send(agent, `urn:other, ${OURS}`)).headers.get('a2a-extensions')).toBe(OURS)
  expect((await send(agent, 'urn:other')).headers.get('a2a-extensions')).toBeNull()
})

test('a call without an extension that is required is refused over both bindings', async () => {
  const agent = tckAgent({ card: { extensions: [extension('urn:must', true)] } })
  const rpc = await jsonOf(agent.rpc('SendMessage', { message: message() }))
  expect(rpc.error.code).toBe(-32008)
  const rest = await agent.request('/message:send', { body: { message: message() } })
  expect(rest.status).toBe(400)
  const headers = { 'a2a-extensions': 'urn:must' }
  const taken = await jsonOf(agent.rpc('SendMessage', { message: message() }, { headers }))
  expect(taken.result.task.status.state).toBe('TASK_STATE_COMPLETED')
})
