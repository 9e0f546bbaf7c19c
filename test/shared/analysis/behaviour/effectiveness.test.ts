import { describe, expect, it } from 'vitest'
import { effectiveness } from '../../../../shared/analysis/behaviour/effectiveness.ts'
import { HOUR, MINUTE, MONDAY } from '../points.ts'
import { automation, entry } from './logbook.ts'

const CLOSE = automation({ actions: [{ action: 'cover.close_cover', target: { entity_id: 'cover.blind' } }] })
const run = (at: number) => entry(at, { entityId: CLOSE.entityId, state: null, message: 'triggered by time' })
const blind = (at: number, state: string, rest = {}) => entry(at, { entityId: 'cover.blind', state, ...rest })
const byRun = { contextEventType: 'automation_triggered', contextEntityId: CLOSE.entityId } as const

describe('effectiveness', () => {
  it('is 1 minus what people undo within 10 minutes', () => {
    const entries = [0, 1, 2, 3].flatMap((i) => {
      const at = MONDAY + i * 24 * HOUR
      const undone = i === 1 ? [blind(at + 5 * MINUTE, 'open', { contextUserId: 'ben' })] : []
      const late = i === 2 ? [blind(at + 30 * MINUTE, 'open')] : []
      return [run(at), blind(at + 2_000, 'closed', byRun), ...undone, ...late]
    })
    expect(effectiveness(entries, [CLOSE])).toEqual([
      {
        entityId: CLOSE.entityId,
        alias: 'Lamp',
        runs: 4,
        overrides: 1,
        effectiveness: 0.75,
        overrideAt: [MONDAY + 24 * HOUR + 5 * MINUTE],
      },
    ])
  })

  it('does not count the same state, another thing, or an automation that undoes it', () => {
    const others = [
      blind(MONDAY + MINUTE, 'closed', { contextUserId: 'ben' }),
      blind(MONDAY + 2 * MINUTE, 'open', {
        contextEventType: 'automation_triggered',
        contextEntityId: 'automation.b',
      }),
      entry(MONDAY + 3 * MINUTE, { entityId: 'cover.other', state: 'open' }),
    ]
    expect(effectiveness([run(MONDAY), ...others], [CLOSE])[0]).toMatchObject({ runs: 1, overrides: 0 })
  })

  it('takes changes for runs where the logbook names none, and knows nothing without any', () => {
    const unread = automation(null, { entityId: CLOSE.entityId })
    const entries = [
      blind(MONDAY, 'closed', byRun),
      blind(MONDAY + 2 * MINUTE, 'open', { contextUserId: 'ben' }),
    ]
    expect(effectiveness(entries, [unread])[0]).toMatchObject({ runs: 1, overrides: 1, effectiveness: 0 })
    expect(effectiveness([], [CLOSE])[0]).toMatchObject({ runs: 0, effectiveness: null })
  })
})
