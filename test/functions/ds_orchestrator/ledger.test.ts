import { expect, it } from 'vitest'
import { buildLedger, type LedgerParts } from '../../../functions/ds_orchestrator/ledger.ts'
import type { ScriptRun } from '../../../shared/domain/analysis.ts'
import { aFinding, aHome, aMetric, aWeek } from '../../fakes/records.ts'

const script = (over: Partial<ScriptRun>): ScriptRun => ({
  id: 'scr_1',
  analyst: 'energy',
  attempt: 1,
  code: '',
  files: [],
  exitClass: 'ok',
  errorClass: null,
  stdout: '',
  stderr: '',
  result: null,
  metrics: [],
  artifacts: [],
  artifactsRefused: [],
  timings: {},
  tier: 'gvisor',
  ...over,
})
const parts = (over: Partial<LedgerParts> = {}): LedgerParts => ({
  question: 'How much?',
  brief: false,
  info: aHome({ notes: ['This is the demo home.'] }),
  plan: {
    analysts: ['energy'],
    focus: ['total'],
    window: aWeek,
    compare: null,
    reason: '',
    notes: ['The last day is not over.'],
  },
  findings: [aFinding()],
  metrics: [aMetric(), aMetric({ id: 'met_2', value: 99 })],
  scripts: [],
  conflicts: [],
  confidence: { value: 0.9, finding: null, factor: { name: 'sample', value: 0.9, reason: 'only 2 nights' } },
  offlineModel: false,
  troubles: [],
  ...over,
})

it('holds only metrics that a kept finding rests on', () => {
  expect(buildLedger(parts()).metrics.map((m) => m.id)).toEqual(['met_1'])
})

it('names the window as a person reads it and what limits the confidence', () => {
  const ledger = buildLedger(parts())
  expect(ledger.window.local).toBe('17 Nov 2026 to 23 Nov 2026')
  expect(ledger.confidence).toEqual({ value: 0.9, weakest: 'sample', reason: 'only 2 nights' })
})

it('says what a reader must know: home, window, model, sandbox', () => {
  const all = buildLedger(
    parts({ offlineModel: true, scripts: [script({ exitClass: 'unavailable' })] }),
  ).caveats.join(' ')
  for (const said of ['demo home', 'last day is not over', 'offline model', 'no gVisor sandbox'])
    expect(all).toContain(said)
})

it('shows a failed script as a failed step, unless a later one worked', () => {
  const failed = script({ exitClass: 'error', errorClass: 'KeyError' })
  expect(buildLedger(parts({ scripts: [failed] })).caveats.join()).toContain('KeyError')
  expect(buildLedger(parts({ scripts: [failed, script({})] })).caveats.join()).not.toContain('KeyError')
})
