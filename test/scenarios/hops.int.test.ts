import { describe, expect, it } from 'vitest'
import { createFakeModel } from '../fakes/fake-model.ts'
import { calling, goodModel, jobOf } from '../fakes/team-model.ts'
import { ask, read } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'
import { describeMatrix } from '../matrix.ts'

/** A model whose scripts never end by themselves. */
const endless = createFakeModel([
  {
    kind: 'answer',
    by: (body) =>
      jobOf(body) === 'script' ? calling('submit_script', { code: 'while True: pass' }) : goodModel(body),
  },
])
const SERVICES = ['architect', 'ds_analysts', 'ds_orchestrator', 'gateway', 'sandbox_runner']

/** Requests of agents, the runner and the client that belong to a trace, as they were logged at their end. */
const hops = (deployment: Deployment, traceId: string) =>
  deployment.logs().filter((line) => line.message === 'request' && line.trace_id === traceId)

function newTrace(digit: string) {
  const traceId = digit.repeat(32)
  return { traceId, headers: { traceparent: `00-${traceId}-${'1'.repeat(16)}-01` } }
}

/** Asks, and gives the run's id and the rest of the stream as soon as a script is on its way. */
async function askUntilScript(deployment: Deployment, headers: Record<string, string>) {
  const response = await deployment.fetch('/api/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-aether-events': '1', ...headers },
    body: JSON.stringify({
      model: 'aether/energy',
      stream: true,
      messages: [{ role: 'user', content: 'How much energy did I use last week?' }],
    }),
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  while (!seen.includes('Running a script')) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`no script was run: ${seen}`)
    seen += value
  }
  const rest = async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return seen
      seen += value
    }
  }
  return { runId: response.headers.get('x-aether-run-id')!, rest }
}

describeMatrix('what reaches every hop', {}, (deployment) => {
  it('one trace, one user', async () => {
    const { traceId, headers } = newTrace('a')
    await ask(deployment(), 'How much energy did I use last week?', {}, headers)
    const services = () => [...new Set(hops(deployment(), traceId).map((line) => line.service))].toSorted()
    await expect.poll(services, { timeout: 5_000 }).toEqual(SERVICES)
    expect(new Set(hops(deployment(), traceId).map((line) => line.user))).toEqual(new Set(['key_first']))
  })

  it('status knows every service, and the sandbox behind the analysts', async () => {
    const status = await read<{
      dependencies: { name: string; state: string }[]
      sandbox: { tier: string }
    }>(deployment(), '/api/v1/status')
    const states = Object.fromEntries(status.dependencies.map(({ name, state }) => [name, state]))
    expect(states).toMatchObject({
      postgres: 'ok',
      home: 'ok',
      architect: 'ok',
      ds_orchestrator: 'ok',
      ds_analysts: 'ok',
      gvisor: 'ok',
    })
    expect(status.sandbox.tier).toBe('gvisor')
  })
})

describeMatrix('ends that reach every hop', { model: endless.fetch, turnMs: 8_000 }, (deployment) => {
  const script = (traceId: string) =>
    hops(deployment(), traceId).find((line) => line.service === 'sandbox_runner')

  describe('the client cancels', () => {
    it('and the script is dead within a second', async () => {
      const { traceId, headers } = newTrace('b')
      const { runId, rest } = await askUntilScript(deployment(), headers)
      await new Promise((resolve) => setTimeout(resolve, 1_000)) // it is really at work by then
      expect(script(traceId)).toBeUndefined()
      const cancelled = deployment().fetch(`/api/v1/runs/${runId}/cancel`, { method: 'POST' })
      await expect.poll(() => script(traceId)?.exit_class, { timeout: 1_000, interval: 20 }).toBe('killed')
      expect((await cancelled).status).toBe(200)
      expect(await rest()).toMatch(/"code":"cancelled"[\s\S]*data: \[DONE\]\s*$/)
      const ended = () => new Set(hops(deployment(), traceId).map((line) => line.service)).size
      await expect.poll(ended, { timeout: 5_000 }).toBe(SERVICES.length)
    })
  })

  describe('the time of the turn is over', () => {
    it('and nothing of it goes on', async () => {
      const { traceId, headers } = newTrace('c')
      const { rest } = await askUntilScript(deployment(), headers)
      expect(await rest()).toMatch(/data: \[DONE\]\s*$/)
      const ended = () => new Set(hops(deployment(), traceId).map((line) => line.service)).size
      await expect.poll(ended, { timeout: 5_000 }).toBe(SERVICES.length)
      expect(script(traceId)?.exit_class).toMatch(/^(killed|timeout)$/)
    })
  })
})
