import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { Selection, settlePlan } from '../../../functions/ds_orchestrator/plan.ts'
import { sayWindow } from '../../../shared/domain/time/say.ts'
import { type AnalysisQuestion, NO_HINTS } from '../../../shared/domain/turn.ts'
import { windowHours } from '../../../shared/domain/window.ts'
import { aHome } from '../../fakes/records.ts'

const ask = (question: string, over: Partial<AnalysisQuestion> = {}): AnalysisQuestion => ({
  runId: 'run_1',
  conversationId: 'conv_1',
  question,
  analysts: null,
  window: null,
  compare: null,
  hints: NO_HINTS,
  ...over,
})
const nothing = v.parse(Selection, {})
const energy = { ...nothing, analysts: ['energy' as const], focus: ['total' as const] }

describe('settlePlan', () => {
  it('lets the meters of a live home limit questions about energy alone', () => {
    const home = aHome({ live: true, dataStart: '2011-11-25T05:00:00Z', dataEnd: '2012-03-17T05:00:00Z' })
    expect(settlePlan(ask('How much energy did I use last week?'), energy, home)).toBeNull()
    const health = { ...nothing, analysts: ['diagnostic' as const], focus: ['availability' as const] }
    const plan = settlePlan(ask('What is unavailable?'), health, home)
    expect(sayWindow(plan!.window)).toBe('17 Nov 2026 to 23 Nov 2026')
    expect(settlePlan(ask('What is unavailable?'), health, { ...home, live: false })).toBeNull()
  })

  it('takes the last 7 full local days where no time is named, and the days before to compare an overview with', () => {
    const plan = settlePlan(ask('Analyze my energy usage'), { ...energy, focus: ['overview'] }, aHome())
    expect(sayWindow(plan!.window)).toBe('17 Nov 2026 to 23 Nov 2026')
    expect(sayWindow(plan!.compare!)).toBe('10 Nov 2026 to 16 Nov 2026')
  })

  it('holds a whole month against the whole month before', () => {
    const why = { ...energy, focus: ['comparison' as const, 'cost' as const] }
    const plan = settlePlan(
      ask('Why was October so expensive?'),
      why,
      aHome({ dataStart: '2025-09-01T00:00:00Z' }),
    )
    expect(sayWindow(plan!.compare!)).toBe('1 Sep 2026 to 30 Sep 2026')
  })

  it('takes last night for the night itself, and says so', () => {
    const plan = settlePlan(ask('How much did I use last night?'), energy, aHome())
    expect(windowHours(plan!.window)).toBe(8)
    expect(plan!.notes).toEqual([expect.stringMatching(/^Last night is taken from .*22:00 to .*06:00\.$/)])
  })

  it('reads the window from the words, whatever the model makes of them', () => {
    const chosen = { ...energy, window: { start: '2026-01-01', end: '2026-01-02' } }
    const plan = settlePlan(ask('How much from 3 November 2026 to 5 November 2026?'), chosen, aHome())
    expect(sayWindow(plan!.window)).toBe('3 Nov 2026 to 5 Nov 2026')
  })

  it('takes what the caller fixed before anything else', () => {
    const fixed = ask('yesterday?', {
      window: { start: '2026-10-25', end: '2026-10-25' },
      analysts: ['diagnostic'],
    })
    const plan = settlePlan(fixed, energy, aHome())
    expect(plan?.analysts).toEqual(['diagnostic'])
    expect(windowHours(plan!.window)).toBe(25)
  })

  it("uses the model's window where the words name none", () => {
    const plan = settlePlan(
      ask('during our holidays'),
      { ...energy, window: { start: '2026-08-01', end: '2026-08-14' } },
      aHome(),
    )
    expect(sayWindow(plan!.window)).toBe('1 Aug 2026 to 14 Aug 2026')
  })

  it('cuts a window to the data and says so', () => {
    const plan = settlePlan(ask('', { window: { start: '2025-09-01', end: '2025-10-02' } }), energy, aHome())
    expect(sayWindow(plan!.window)).toBe('1 Oct 2025 to 2 Oct 2025')
    expect(plan?.notes).toEqual([
      'The question asks for 1 Sep 2025 to 2 Oct 2025, but of that there is data only for 1 Oct 2025 to 2 Oct 2025.',
    ])
  })

  it('counts a day that is not over up to its last whole hour, of which alone a recorder has a row', () => {
    const now = { now: '2026-11-24T10:40:00.000Z', dataEnd: '2026-11-24T10:40:00.000Z' }
    const demo = settlePlan(ask('How much today?'), energy, aHome({ ...now, source: 'demo' }))
    expect(demo?.window.end).toBe('2026-11-24T10:00:00.000Z')
    expect(demo?.notes.join()).toContain('its data ends at Tue 24 Nov 2026, 11:00')
    const file = settlePlan(ask('How much today?'), energy, aHome(now))
    expect(file?.window.end).toBe(now.dataEnd)
  })

  it('knows when there is no data for a time at all', () => {
    expect(
      settlePlan(ask('', { window: { start: '2020-01-01', end: '2020-12-31' } }), energy, aHome()),
    ).toBeNull()
  })

  it('holds a week that is not over against the same part of the other', () => {
    const both = ask('', {
      window: { start: '2026-11-23', end: '2026-11-24' },
      compare: { start: '2026-11-16', end: '2026-11-22' },
    })
    const plan = settlePlan(both, energy, aHome())
    expect(plan?.window.end).toBe('2026-11-24T10:00:00.000Z')
    expect(plan?.compare).toMatchObject({
      start: '2026-11-15T23:00:00.000Z',
      end: '2026-11-17T10:00:00.000Z',
    })
    expect(plan?.notes.join()).toContain('the same part of the other: 16 Nov 2026 to 17 Nov 2026')
  })

  it('says when there is nothing to compare with', () => {
    const both = ask('', {
      window: { start: '2025-10-01', end: '2025-10-07' },
      compare: { start: '2025-09-01', end: '2025-09-07' },
    })
    const plan = settlePlan(both, energy, aHome())
    expect(plan?.compare).toBeNull()
    expect(plan?.notes.join()).toContain('no data for the period to compare with')
  })

  it.each([
    ['not an object at all', { analysts: 'energy', focus: 7, window: 'yesterday', compare: {}, reason: 12 }],
    [
      'names that do not exist',
      { analysts: ['boss'], focus: ['gossip'], window: { start: 'x', end: 'y' }, compare: null, reason: '' },
    ],
    [
      'a window that ends before it starts',
      {
        analysts: [],
        focus: [],
        window: { start: '2026-11-05', end: '2026-11-01' },
        compare: null,
        reason: '',
      },
    ],
  ])('survives a model that sends %s', (_, raw) => {
    const plan = settlePlan(ask('How much energy?'), v.parse(Selection, raw), aHome())
    expect(plan?.analysts).toEqual(['energy'])
    expect(sayWindow(plan!.window)).toBe('17 Nov 2026 to 23 Nov 2026')
  })
})
