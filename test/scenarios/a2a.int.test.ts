import { type StreamResponse, TaskState } from '@a2a-js/sdk'
import { type Client, ClientFactory, JsonRpcTransportFactory, RestTransportFactory } from '@a2a-js/sdk/client'
import { expect, it } from 'vitest'
import type { Deployment } from '../harness/deployment.ts'
import { describeMatrix } from '../matrix.ts'

const QUESTION = 'How much energy did I use last week?'

/** The official client, as an outside agent sets it up: from the card alone, with an API key. */
async function clientOf(deployment: Deployment, binding: 'JSONRPC' | 'HTTP+JSON'): Promise<Client> {
  const withKey: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-api-key', deployment.key)
    return fetch(input, { ...init, headers })
  }
  const transport =
    binding === 'JSONRPC'
      ? new JsonRpcTransportFactory({ fetchImpl: withKey })
      : new RestTransportFactory({ fetchImpl: withKey })
  return new ClientFactory({ transports: [transport] }).createFromUrl(deployment.url)
}

const ask = (text: string) => ({
  tenant: '',
  metadata: undefined,
  configuration: undefined,
  message: {
    messageId: crypto.randomUUID(),
    contextId: '',
    taskId: '',
    role: 1,
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
    parts: [
      {
        content: { $case: 'text' as const, value: text },
        mediaType: 'text/plain',
        filename: '',
        metadata: undefined,
      },
    ],
  },
})

/** Data of the artifacts of a schema, and the text as it stands at the end. */
function readStream(events: readonly StreamResponse[]) {
  const artifacts = events.flatMap(({ payload }) =>
    payload?.$case === 'artifactUpdate' ? [payload.value] : [],
  )
  const parts = artifacts.flatMap(({ artifact }) => artifact?.parts ?? [])
  const data = (schema: string) =>
    parts.flatMap(({ content }) =>
      content?.$case === 'data' && content.value.schema === schema ? [content.value.data] : [],
    )
  const whole = artifacts.findLast((one) => !one.append && one.artifact?.parts[0]?.content?.$case === 'text')
  const content = whole?.artifact?.parts[0]?.content
  const states = events.flatMap(({ payload }) =>
    payload?.$case === 'statusUpdate' ? [payload.value.status?.state] : [],
  )
  return { data, text: content?.$case === 'text' ? content.value : '', last: states.at(-1) }
}

describeMatrix('the whole team as one A2A agent', {}, (deployment) => {
  it('says on its card where it is and how to get in', async () => {
    const response = await fetch(`${deployment().url}/.well-known/agent-card.json`)
    const card = (await response.json()) as {
      supportedInterfaces: { url: string; protocolBinding: string; protocolVersion: string }[]
      securitySchemes: Record<string, unknown>
      skills: { id: string }[]
    }
    const url = `${deployment().url}/a2a`
    expect(card.supportedInterfaces).toMatchObject([
      { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
    ])
    expect(card.securitySchemes).toMatchObject({
      bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } },
      api_key: { apiKeySecurityScheme: { location: 'header', name: 'X-API-Key' } },
    })
    expect(card.skills.map((skill) => skill.id)).toEqual(['ask'])
    expect(response.headers.get('etag')).toMatch(/^"/)
  })

  it.each(['JSONRPC', 'HTTP+JSON'] as const)(
    'answers the official client over %s, with typed findings',
    async (binding) => {
      const client = await clientOf(deployment(), binding)
      const events: StreamResponse[] = []
      for await (const event of client.sendMessageStream(ask(QUESTION))) events.push(event)
      const { data, text, last } = readStream(events)
      expect(last).toBe(TaskState.TASK_STATE_COMPLETED)
      expect(text).toMatch(/\d+\.\d+ kWh/)
      const findings = data('aether.finding/v1') as { finding: { statement: string; analyst: string } }[]
      expect(findings.length).toBeGreaterThan(0)
      expect(findings[0]?.finding).toMatchObject({
        analyst: 'energy',
        statement: expect.stringMatching(/kWh/),
      })
      const [analysis] = data('aether.analysis/v1') as { id: string; metrics: unknown[] }[]
      expect(analysis?.metrics.length).toBeGreaterThan(0)
      const stored = await deployment().fetch(`/api/v1/analyses/${analysis?.id}`)
      expect(stored.status).toBe(200)
    },
  )

  it('answers a caller of protocol 0.3', async () => {
    const response = await deployment().fetch('/a2a', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'message/send',
        params: {
          message: {
            kind: 'message',
            messageId: crypto.randomUUID(),
            role: 'user',
            parts: [{ kind: 'text', text: QUESTION }],
          },
        },
      }),
    })
    const { result } = JSON.parse(await response.text())
    expect(result).toMatchObject({ kind: 'task', status: { state: 'completed' } })
    expect(JSON.stringify(result.artifacts)).toContain('aether.finding/v1')
  })

  it('tells a caller with a key the single skills', async () => {
    const response = await deployment().fetch('/a2a/extendedAgentCard')
    const card = JSON.parse(await response.text())
    expect(card.skills.map((skill: { id: string }) => skill.id)).toEqual(
      expect.arrayContaining(['ask', 'energy', 'behavioral', 'diagnostic']),
    )
  })

  it('gives the whole task at once to a caller that does not stream', async () => {
    const client = await clientOf(deployment(), 'JSONRPC')
    const task = await client.sendMessage(ask(QUESTION))
    if (!('artifacts' in task)) throw new Error('it is no task')
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
    expect(JSON.stringify(task.artifacts)).toContain('aether.finding/v1')
    const again = await client.getTask({ tenant: '', id: task.id })
    expect(again.artifacts).toEqual(task.artifacts)
  })

  it('takes API keys alone, on every path below it', async () => {
    for (const [method, path] of [
      ['POST', '/a2a'],
      ['POST', '/a2a/'],
      ['POST', '/a2a/rpc'],
      ['POST', '/a2a/message:send'],
      ['POST', '/a2a/message:stream'],
      ['GET', '/a2a/tasks'],
      ['GET', '/a2a/tasks/x'],
      ['GET', '/a2a/anything'],
    ] as const) {
      const response = await fetch(`${deployment().url}${path}`, { method })
      expect([path, response.status]).toEqual([path, 401])
    }
  })
})
