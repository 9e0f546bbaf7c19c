import { connect } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, expect, test } from 'vitest'
import { callContext, collect, type Harness, result, scriptedAgent } from './scripted-agent.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** The agent behind a real socket, reached by Node's own fetch. */
async function listen(agent: Harness): Promise<string> {
  return new Promise((resolve) => {
    const server = serve({ fetch: agent.app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
      resolve(`http://127.0.0.1:${port}`),
    )
    closing.push(
      () =>
        new Promise((done) => {
          server.close(() => done())
          if ('closeAllConnections' in server) server.closeAllConnections()
        }),
    )
  })
}
const over = (url: string) => ({ url, fetch: (request: Request) => fetch(request) })

function hanging() {
  const state = { reason: undefined as unknown, started: false }
  const agent = scriptedAgent(async function* (_input, call) {
    state.started = true
    call.signal.addEventListener('abort', () => {
      state.reason = call.signal.reason
    })
    yield { kind: 'status', text: 'working' }
    await new Promise(() => {})
    yield result('never')
  })
  return { agent, state }
}

test('over a socket everything arrives as it does in one process', async () => {
  const agent = scriptedAgent(async function* (input) {
    for (let i = 0; i < 200; i++) yield { kind: 'status', text: `${input.text} ${i}` }
    yield { kind: 'output', schema: 's/v1', data: { big: 'x'.repeat(200_000) } }
    yield result('Hello')
  })
  const url = await listen(agent)
  for (let call = 0; call < 3; call++) {
    const events = await collect(agent.peer(over(url)).call({ text: 'ü' }, callContext()))
    expect(events).toHaveLength(202)
    expect(events[7]).toMatchObject({ kind: 'status', text: 'ü 7' })
    expect(events.at(-1)).toMatchObject({ kind: 'result', text: 'Hello' })
  }
})

test('leaving, an abort and the deadline each reach the agent', async () => {
  const left = hanging()
  for await (const _ of left.agent.peer(over(await listen(left.agent))).call({ text: 'x' }, callContext()))
    break
  await left.agent.idle()
  expect(left.state.reason).toMatchObject({ code: 'CANCELLED' })

  const aborted = hanging()
  const controller = new AbortController()
  const all = (async () => {
    const peer = aborted.agent.peer(over(await listen(aborted.agent)))
    for await (const _ of peer.call({ text: 'x' }, callContext({ signal: controller.signal })))
      controller.abort(new Error('enough'))
  })()
  await expect(all).rejects.toThrow('enough')
  await aborted.agent.idle()
  expect(aborted.state.reason).toMatchObject({ code: 'CANCELLED' })

  const late = hanging()
  const peer = late.agent.peer(over(await listen(late.agent)))
  await expect(
    collect(peer.call({ text: 'x' }, callContext({ deadline: Date.now() + 200 }))),
  ).rejects.toMatchObject({
    name: 'TimeoutError',
  })
  await late.agent.idle()
  expect(late.state.reason).toBeDefined()
})

test('nobody there is AGENT_UNAVAILABLE', async () => {
  const { agent } = hanging()
  const url = await listen(agent)
  await closing.pop()?.()
  await expect(collect(agent.peer(over(url)).call({ text: 'x' }, callContext()))).rejects.toMatchObject({
    code: 'AGENT_UNAVAILABLE',
  })
})

test('a server that dies in the middle is AGENT_UNAVAILABLE', async () => {
  const { agent } = hanging()
  const url = await listen(agent)
  const all = (async () => {
    for await (const _ of agent.peer(over(url)).call({ text: 'x' }, callContext())) await closing.pop()?.()
  })()
  await expect(all).rejects.toMatchObject({ code: 'AGENT_UNAVAILABLE' })
})

test('a foreign client that drops its connection does not end the run', async () => {
  const gate = Promise.withResolvers<void>()
  let aborted = false
  const agent = scriptedAgent(async function* (_input, call) {
    call.signal.addEventListener('abort', () => {
      aborted = true
    })
    yield { kind: 'status', text: 'working' }
    await gate.promise
    yield result('done')
  })
  const { hostname, port } = new URL(await listen(agent))
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'SendStreamingMessage',
    params: { message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'x' }] } },
  })
  const bearer = await agent.token()
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bearer}\r\nA2A-Version: 1.0\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
    })
    let seen = ''
    socket.on('data', (data) => {
      seen += data
      if (seen.includes('working')) socket.destroy()
    })
    socket.on('close', () => resolve())
  })
  gate.resolve()
  await agent.idle()
  expect(aborted).toBe(false)
  const [task] = (
    await agent.tasks.list({ owner: 'architect:anna', pageSize: 1, includeArtifacts: false, pageToken: '' })
  ).tasks
  expect(task?.status?.message?.parts[0]?.content?.value.event).toMatchObject({
    kind: 'result',
    text: 'done',
  })
})
