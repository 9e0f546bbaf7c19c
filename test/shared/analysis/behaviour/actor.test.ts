import { describe, expect, it } from 'vitest'
import { actorOf, isAction, isManual } from '../../../../shared/analysis/behaviour/actor.ts'
import { entry } from './logbook.ts'

describe('actorOf', () => {
  it.each([
    ['automation', { contextEventType: 'automation_triggered', contextUserId: 'anna' }],
    ['script', { contextEventType: 'script_started' }],
    ['automation', { contextEntityId: 'automation.x' }],
    ['person', { contextUserId: 'anna' }],
    ['device', {}],
  ] as const)('is %s', (actor, context) => {
    expect(actorOf(entry(0, context))).toBe(actor)
  })
})

it('tells actions from reports, and people from machines', () => {
  expect(isAction(entry(0))).toBe(true)
  for (const rest of [
    { entityId: 'sensor.t' },
    { state: 'unavailable' },
    { state: null },
    { entityId: null },
  ])
    expect(isAction(entry(0, rest))).toBe(false)
  expect(isManual(entry(0))).toBe(true)
  expect(isManual(entry(0, { contextEventType: 'script_started' }))).toBe(false)
})
