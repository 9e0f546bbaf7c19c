import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDemoHome } from '../../shared/home/demo/demo-home.ts'
import { worldFrom } from '../fakes/home-assistant/from-home.ts'
import { type FakeHomeAssistant, startFakeHomeAssistant } from '../fakes/home-assistant/server.ts'
import { ask, read } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'
import { connectTo, open } from '../harness/home-assistant.ts'
import { oneProcess } from '../harness/one-process.ts'

const NOW = Date.parse('2026-11-24T10:02:00Z')

/** Dependencies of `/status` as far as they are looked at here. */
interface Status {
  readonly home: { readonly source: string; readonly name: string } | null
  readonly dependencies: readonly {
    readonly kind: string
    readonly state: string
    readonly code: string | null
    readonly message: string | null
    readonly next: string | null
    readonly version: string | null
  }[]
}

/** An analysis as far as it is looked at here. */
interface Analysis {
  readonly window: { readonly start: string; readonly end: string }
  readonly metrics: readonly { readonly name: string; readonly value: number }[]
  readonly scripts: readonly { readonly code: string }[]
}

const EVIL = '"\'; import os; os.system("touch /tmp/x") #\n<img src=x onerror=alert(1)> {{ states }}'

describe('questions about a Home Assistant, through chat', () => {
  let fake: FakeHomeAssistant
  let home: ReturnType<typeof connectTo>
  let deployment: Deployment

  beforeAll(async () => {
    fake = await startFakeHomeAssistant({ world: await worldFrom(createDemoHome({ now: () => NOW }), 40) })
    home = connectTo(fake, { now: () => NOW })
    deployment = await oneProcess.start({
      home,
      homeHealth: home.health,
      onHomeChange: home.onRegistries,
      now: NOW,
    })
  })
  afterAll(async () => {
    await deployment.stop()
    home.close()
    await fake.stop()
  })

  it('analyses the energy, and says where the data comes from', async () => {
    const { text, runId } = await ask(deployment, 'Analyze my energy usage')
    expect(text).toContain('The data comes from Home Assistant 2026.11.0.')
    const run = await read<{ analysis_ids: string[] }>(deployment, `/api/v1/runs/${runId}`)
    const analysis = await read<Analysis>(deployment, `/api/v1/analyses/${run.analysis_ids[0]}`)
    const total = analysis.metrics.find((metric) => metric.name === 'energy_total')
    const { start, end } = analysis.window
    const truth = deployment.demo.truth({ start: Date.parse(start), end: Date.parse(end) })
    expect(total?.value).toBeCloseTo(truth.totalKwh, 6)
    // 5-minute rows reach back two days only, so the peak of the week must come from the hours.
    const hour = analysis.metrics.find((metric) => metric.name === 'peak_hour_energy')
    const peak = analysis.metrics.find((metric) => metric.name === 'peak_power_60m')
    expect(peak?.value).toBeCloseTo(hour?.value ?? 0, 6)
  })

  it('knows which lights are on, and a name with code in it stays a name', async () => {
    fake.setState('light.evil', 'on', { friendly_name: EVIL })
    fake.fire('entity_registry_updated')
    const { text } = await ask(deployment, 'Which lights are on?')
    const lights = [...fake.world.states].filter(([id]) => id.startsWith('light.'))
    const on = lights.filter(([, each]) => each.state === 'on').length
    expect(text).toContain(`${on} of ${lights.length} lights are on`)
    expect(text).not.toMatch(/<img|onerror=.*>/)
    expect(text.split('\n').length).toBeLessThan(5)
  })

  it('keeps a device name with code out of scripts', async () => {
    const preferences = fake.world.preferences as { device_consumption: { name: string }[] }
    for (const device of preferences.device_consumption) device.name = EVIL
    fake.fire('entity_registry_updated')
    const { text, runId } = await ask(deployment, 'Which device uses the most?')
    expect(text).not.toMatch(/<img/)
    const run = await read<{ analysis_ids: string[] }>(deployment, `/api/v1/runs/${runId}`)
    const { scripts } = await read<Analysis>(deployment, `/api/v1/analyses/${run.analysis_ids[0]}`)
    for (const script of scripts) expect(script.code).not.toContain('os.system')
  })

  it('tells temperatures by area', async () => {
    const { text } = await ask(deployment, 'What are the temperatures by area?')
    const sensors = [...fake.world.states].filter(
      ([, each]) => each.attributes.device_class === 'temperature',
    )
    expect(sensors.length).toBeGreaterThan(3)
    for (const [, { state, attributes }] of sensors.slice(0, 3)) {
      expect(text).toContain(`${state} °C`)
      expect(text.toLowerCase()).toContain(String(attributes.friendly_name).toLowerCase())
    }
  })

  it('tells what is unavailable', async () => {
    const { text } = await ask(deployment, 'What is unavailable?')
    const gone = [...fake.world.states.values()].filter((each) => each.state === 'unavailable')
    expect(gone.length).toBeGreaterThan(0)
    for (const { attributes } of gone) expect(text).toContain(String(attributes.friendly_name))
  })

  it('tells what the automations do', async () => {
    const { text } = await ask(deployment, 'What do my automations do?')
    expect(text).toContain(`There are ${fake.world.automations.size} automations`)
    expect(text).toMatch(/Good night.*starts by time at .*and does: turn off/)
  })

  it('shows the home in the status', async () => {
    const status = await read<Status>(deployment, '/api/v1/status')
    expect(status.home).toEqual({ source: 'home_assistant', name: 'Demo home' })
    const home = status.dependencies.find((each) => each.kind === 'home')
    expect(home).toMatchObject({ state: 'ok', version: '2026.11.0' })
  })

  it('tells which integrations did not load', async () => {
    fake.world.entries = [
      { entry_id: '1', domain: 'mqtt', title: 'Broker', state: 'setup_retry', disabled_by: null },
      { entry_id: '2', domain: 'hue', title: 'Bridge', state: 'loaded', disabled_by: null },
    ]
    const { text } = await ask(deployment, 'Is anything wrong in my home?')
    expect(text).toContain('**Integrations that are not loaded**: Broker (setup retry).')
  })

  it('answers in a storm of 1,000 events a second, from the newest state', async () => {
    const before = home.health().live
    let sent = 0
    const storm = setInterval(() => {
      for (let i = 0; i < 10; i++) fake.setState('light.plant_lamp', sent++ % 2 === 0 ? 'off' : 'on')
    }, 10)
    try {
      for (let i = 0; i < 5; i++)
        expect((await ask(deployment, 'Which lights are on?')).text).toContain('lights are on')
      await expect.poll(() => home.health().live.received - before.received).toBeGreaterThan(1_000)
    } finally {
      clearInterval(storm)
    }
    fake.setState('light.plant_lamp', 'off')
    const stateOf = async () =>
      (await home.states(open())).find((each) => each.entityId === 'light.plant_lamp')?.state
    await expect.poll(stateOf).toBe('off')
    const { received, coalesced, dropped } = home.health().live
    expect(received - before.received).toBeGreaterThanOrEqual(sent)
    expect(coalesced - before.coalesced).toBeGreaterThan(0.9 * sent)
    expect(dropped).toBe(before.dropped)
  })

  it('says in the answer and in the status what is wrong when it is away, and recovers by itself', async () => {
    await fake.stop()
    await expect.poll(() => home.health().code, { timeout: 5_000 }).toBe('unreachable')
    const { chunks } = await ask(deployment, 'Which lights are on?')
    const error = chunks.find((chunk) => chunk.error)?.error
    expect(error).toMatchObject({ code: 'home_unavailable' })
    expect(error?.message).toMatch(/Nothing answers at the address in HA_URL\. Check that/)
    await expect
      .poll(
        async () =>
          (await read<Status>(deployment, '/api/v1/status')).dependencies.find(
            (each) => each.kind === 'home',
          ),
        { timeout: 10_000, interval: 500 },
      )
      .toMatchObject({ state: 'down', code: 'unreachable', next: expect.stringContaining('HA_URL') })
    await fake.start()
    await expect.poll(() => home.health().code, { timeout: 10_000 }).toBe('ok')
    expect((await ask(deployment, 'Which lights are on?')).text).toContain('lights are on')
  })
})
