import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { wholeProcess } from '../../harness/whole-process.ts'

interface Status {
  readonly dependencies: readonly {
    readonly name: string
    readonly kind: string
    readonly state: string
    readonly latency_ms: number
    readonly version: string | null
    readonly code: string | null
    readonly message: string | null
    readonly next: string | null
  }[]
  readonly home: unknown
  readonly sandbox: { readonly tier: string }
}

/** A port that takes connections and never says a word. */
async function silence(): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

test('a home and a model that never answer do not hold up the status; what is not well says what to do', async () => {
  const url = await silence()
  const aether = await wholeProcess({
    RUNSC_PATH: '/nowhere/runsc',
    HA_URL: url,
    HA_TOKEN: 'a-token-of-some-length',
    LLM_BASE_URL: `${url}/v1`,
    LLM_MODEL: 'any',
  })
  onTestFinished(aether.stop)
  const status = (await (await aether.fetch('/api/v1/status')).json()) as Status
  const byName = new Map(status.dependencies.map((one) => [one.name, one]))
  expect([...byName.keys()]).toEqual([
    'postgres',
    'home',
    'architect',
    'ds_orchestrator',
    'ds_analysts',
    'any',
    'gvisor',
    'tracing',
  ])
  expect(byName.get('postgres')).toMatchObject({ state: 'ok', version: expect.stringMatching(/^\d+\.\d+/) })
  for (const agent of ['architect', 'ds_orchestrator', 'ds_analysts'])
    expect(byName.get(agent)).toMatchObject({ state: 'ok', version: expect.stringMatching(/^\d+\.\d+/) })
  expect(byName.get('home')?.state).toMatch(/starting|down/)
  expect(byName.get('any')).toMatchObject({ state: 'down', code: 'timeout' })
  expect(byName.get('gvisor')).toMatchObject({ state: 'off' })
  for (const one of status.dependencies) {
    expect(one.latency_ms).toBeGreaterThanOrEqual(0)
    if (one.state !== 'ok') expect(one.next, one.name).toMatch(/\S{3}/)
  }
  expect(status).toMatchObject({ home: null, sandbox: { tier: 'unavailable' } })
})
