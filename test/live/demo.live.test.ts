import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { ask } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'
import { startAether } from './aether.ts'
import { AREAS, EVIL_LIGHT } from './arrange.ts'
import { tariffOf } from './household.ts'
import { describeReleases } from './releases.ts'

/** A state as `/api/states` gives it. */
interface State {
  readonly entity_id: string
  readonly state: string
  readonly attributes: { readonly friendly_name?: string; readonly device_class?: string }
}

describeReleases("the demo integration's home", (home) => {
  let aether: Pick<Deployment, 'fetch' | 'stop'>
  let states: readonly State[]
  beforeAll(async () => {
    aether = await startAether(home, tariffOf(inject('household')))
    const response = await fetch(`${home.url}/api/states`, {
      headers: { authorization: `Bearer ${home.token}` },
    })
    states = (await response.json()) as State[]
  })
  afterAll(async () => {
    await aether?.stop()
  })
  const stateOf = (id: string) => states.find((each) => each.entity_id === id)

  it('tells which lights are on, and a name with code in it stays a name', async () => {
    const { text } = await ask(aether, 'Which lights are on?')
    const lights = states.filter((each) => each.entity_id.startsWith('light.'))
    const on = lights.filter((each) => each.state === 'on')
    expect(on.map((each) => each.entity_id)).toContain(EVIL_LIGHT)
    expect(text).toContain(`${on.length} of ${lights.length} lights are on`)
    for (const { entity_id, attributes } of on)
      if (entity_id !== EVIL_LIGHT) expect(text).toContain(attributes.friendly_name)
    expect(text).toContain('import os; os.system')
    expect(text).not.toMatch(/<img|onerror=.*>/)
    expect(text.split('\n').length).toBeLessThan(5)
  })

  it('tells temperatures by area', async () => {
    const { text } = await ask(aether, 'What are the temperatures by area?')
    for (const [id, area] of Object.entries(AREAS)) {
      expect(text).toContain(area)
      expect(text).toContain(`${stateOf(id)?.state} °C`)
    }
  })

  it('tells what is unavailable', async () => {
    const { text } = await ask(aether, 'What is unavailable?')
    const gone = states.filter((each) => each.state === 'unavailable')
    expect(gone.map((each) => each.entity_id)).toContain('sensor.broken_gauge')
    for (const { attributes } of gone) expect(text).toContain(attributes.friendly_name)
  })

  it('tells what the automations do', async () => {
    const { text } = await ask(aether, 'What do my automations do?')
    expect(text).toContain('There are 2 automations')
    expect(text).toMatch(/Good night.*23:00.*turn off/)
    expect(text).not.toMatch(/<img|onerror=.*>/)
  })
})
