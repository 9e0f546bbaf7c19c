import { expect, it } from 'vitest'
import { orphanAutomations } from '../../../../shared/analysis/diagnostics/orphans.ts'
import { automation } from '../behaviour/logbook.ts'
import { HOUR, MONDAY } from '../points.ts'

const registries = {
  areas: [],
  devices: [],
  entities: [
    {
      id: 'light.lamp',
      name: 'Lamp',
      areaId: null,
      deviceId: null,
      domain: 'light',
      deviceClass: null,
      stateClass: null,
      unit: null,
      disabled: false,
    },
  ],
}
const reasons = (...list: ReturnType<typeof automation>[]) =>
  orphanAutomations(list, registries, MONDAY, new Set(['scene.evening'])).map((orphan) => orphan.reason)
const on = (entity_id: unknown) => ({
  actions: [{ choose: [{ sequence: [{ action: 'light.turn_on', target: { entity_id } }] }] }],
})

it('names what an automation refers to and is not there, however deep it stands', () => {
  expect(reasons(automation(on(['light.lamp', 'light.gone'])))).toEqual([
    'refers to light.gone, which does not exist',
  ])
  expect(reasons(automation(on('light.lamp, light.a')))).toEqual(['refers to light.a, which does not exist'])
  expect(reasons(automation({ triggers: [{ device_id: 'abc' }] }))).toEqual([
    'refers to abc, which does not exist',
  ])
})

it('leaves alone templates, entities without a registry entry, and what is in order', () => {
  expect(
    reasons(automation(on('light.lamp')), automation(on('{{ which }}')), automation(on('sun.sun'))),
  ).toEqual([])
  expect(reasons(automation(on('scene.evening')), automation(null))).toEqual([])
})

it('names what is switched off or has not run for 30 days', () => {
  expect(reasons(automation(on('light.lamp'), { enabled: false }))).toEqual(['is switched off'])
  const ran = (days: number) => automation(on('light.lamp'), { lastTriggered: MONDAY - days * 24 * HOUR })
  expect(reasons(ran(29), ran(45))).toEqual(['has not run for 45 days'])
})
