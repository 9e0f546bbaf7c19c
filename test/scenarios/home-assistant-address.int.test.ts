import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDemoHome } from '../../shared/home/demo/demo-home.ts'
import { worldFrom } from '../fakes/home-assistant/from-home.ts'
import { type FakeHomeAssistant, startFakeHomeAssistant } from '../fakes/home-assistant/server.ts'
import { ask, read } from '../harness/chat.ts'
import { describeMatrix } from '../matrix.ts'

let fake: FakeHomeAssistant
beforeAll(async () => {
  const now = Date.now()
  fake = await startFakeHomeAssistant({ world: await worldFrom(createDemoHome({ now: () => now }), 10) })
})
afterAll(() => fake.stop())

const assistant = () => ({ url: fake.url, token: fake.token })

describeMatrix('a Home Assistant that HA_URL names', { assistant }, (deployment) => {
  it('is read over its WebSocket, and named in the answer', async () => {
    const { text, done } = await ask(deployment(), 'How much energy did I use yesterday?')
    expect(text).toMatch(/\d+\.\d+ kWh/)
    expect(text).toContain('The data comes from Home Assistant 2026.11.0.')
    expect(done).toBe(true)
  })

  it('tells its states', async () => {
    const { text } = await ask(deployment(), 'Which lights are on?')
    expect(text).toMatch(/light/i)
  })

  it('is among the dependencies', async () => {
    const status = await read<{ dependencies: { kind: string; state: string }[] }>(
      deployment(),
      '/api/v1/status',
    )
    expect(status.dependencies.find((one) => one.kind === 'home')?.state).toBe('ok')
  })
})
