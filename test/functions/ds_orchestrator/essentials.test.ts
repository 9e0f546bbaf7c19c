import { describe, expect, it } from 'vitest'
import { withEssentials } from '../../../functions/ds_orchestrator/essentials.ts'
import type { Ledger } from '../../../functions/ds_orchestrator/ledger.ts'
import { aFinding, aHome, aWeek } from '../../fakes/records.ts'

const ledger: Ledger = {
  question: 'How much?',
  brief: false,
  home: aHome(),
  window: { ...aWeek, local: '17 Nov 2026 to 23 Nov 2026' },
  compare: null,
  findings: [aFinding()],
  metrics: [],
  confidence: { value: 0.9, weakest: 'sample', reason: 'only 2 nights' },
  caveats: [],
}

describe('withEssentials', () => {
  it('adds the days and the confidence where they are missing', () => {
    expect(withEssentials('It was 84.2 kWh at 18:00.', ledger)).toBe(
      'It was 84.2 kWh at 18:00.\n\nThe days looked at are 17 Nov 2026 to 23 Nov 2026. Confidence: 90 % (only 2 nights).',
    )
  })
  it.each(['Vom 17 Nov 2026 an: 84.2 kWh. Zuverlässigkeit: 90 %.', 'On 17 Nov 2026, sure by 90 percent.'])(
    'adds nothing to a text that has them, in whatever language: %s',
    (text) => {
      expect(withEssentials(text, ledger)).toBe(text)
    },
  )
  it('does not take another figure for the confidence', () => {
    expect(withEssentials('On 17 Nov 2026 it was 12.90 % or 190 %.', ledger)).toContain('Confidence: 90 %')
  })
  it('leaves a spoken answer and the days of devices alone', () => {
    expect(withEssentials('It was 84.2 kWh.', { ...ledger, brief: true })).toBe('It was 84.2 kWh.')
    const battery = [aFinding({ analyst: 'diagnostic', kind: 'battery' })]
    expect(withEssentials('8 % left.', { ...ledger, findings: battery })).not.toContain('days looked at')
  })
})
