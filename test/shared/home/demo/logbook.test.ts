import { describe, expect, it } from 'vitest'
import { localParts } from '../../../../shared/domain/time/zone.ts'
import { createDemoHome } from '../../../../shared/home/demo/demo-home.ts'
import { PEOPLE } from '../../../../shared/home/demo/people.ts'

const NOW = Date.parse('2026-11-24T10:07:00Z')
const DAY = 86_400_000
const home = createDemoHome({ now: () => NOW })
const span = { start: NOW - 28 * DAY, end: NOW }
const entries = await home.logbook(span, { signal: new AbortController().signal })

describe('logbook of the demo home', () => {
  it('has one light that Anna switches off at about half past ten on most days', () => {
    const off = entries.filter(
      (one) => one.entityId === 'light.living_room_floor_lamp' && one.state === 'off',
    )
    const usual = off.filter((one) => {
      const { hour, minute } = localParts(one.at, 'Europe/Berlin')
      return one.contextUserId === PEOPLE[0].userId && Math.abs(hour * 60 + minute - 1350) <= 15
    })
    expect(off).toHaveLength(28)
    expect(usual.length).toBeGreaterThanOrEqual(20)
    expect(off.every((one) => one.contextEventType === null)).toBe(true)
  })

  it('says of what automations do that they did it, after their run', () => {
    const on = entries.filter((one) => one.entityId === 'light.garden_path' && one.state === 'on')
    expect(on).toHaveLength(28)
    for (const one of on) {
      expect(one).toMatchObject({
        contextUserId: null,
        contextEventType: 'automation_triggered',
        contextEntityId: 'automation.evening_lights',
      })
      const run = entries
        .filter((other) => other.entityId === 'automation.evening_lights' && other.at <= one.at)
        .at(-1)
      expect(one.at - (run?.at ?? 0)).toBeLessThan(2000)
      expect(run).toMatchObject({ state: null, message: 'triggered by sunset' })
    }
  })

  it('has an automation that is overridden within ten minutes on most days', () => {
    const runs = entries.filter((one) => one.entityId === 'automation.close_living_room_blind')
    const overridden = runs.filter((run) =>
      entries.some(
        (one) =>
          one.entityId === 'cover.living_room_blind' &&
          one.state === 'open' &&
          one.contextUserId === PEOPLE[1].userId &&
          one.at > run.at &&
          one.at < run.at + 600_000,
      ),
    )
    expect(runs).toHaveLength(28)
    expect(overridden.length).toBeGreaterThan(14)
    expect(overridden.length).toBeLessThan(28)
  })

  it('repeats no state and tells nothing of sensors with a unit', () => {
    const last = new Map<string, string>()
    for (const one of entries) {
      if (one.entityId === null || one.state === null) continue
      expect(one.entityId).not.toMatch(/^sensor\./)
      expect(one.state).not.toBe('unavailable')
      if (one.entityId.startsWith('light.')) expect(last.get(one.entityId)).not.toBe(one.state)
      last.set(one.entityId, one.state)
    }
    expect(last.size).toBeGreaterThan(25)
  })
})
