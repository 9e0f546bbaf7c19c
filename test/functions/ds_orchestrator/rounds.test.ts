import { describe, expect, it } from 'vitest'
import type { AgentDeps } from '../../../functions/ds_orchestrator/deps.ts'
import { type Job, type Rounds, runRounds } from '../../../functions/ds_orchestrator/rounds.ts'
import type { AnalysisRequest, AnalysisResult } from '../../../shared/domain/analysis.ts'
import type { AgentEvent, AgentYield } from '../../../shared/domain/event.ts'
import { fromWire, toWire } from '../../../shared/domain/wire.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { aConfidence, aFinding, aResult, aWeek } from '../../fakes/records.ts'

const job: Job = {
  analysisId: 'ana_1',
  runId: 'run_1',
  question: 'How much?',
  plan: {
    analysts: ['energy', 'diagnostic'],
    focus: ['overview'],
    window: aWeek,
    compare: null,
    reason: 'why',
    notes: [],
  },
}
const call = {
  user: 'me',
  messageId: 'm',
  deadline: 1e15,
  signal: new AbortController().signal,
  traceparent: '',
}

/** Runs the loop against analysts that answer with these results, one a try. */
async function loop(results: (AnalysisResult | AetherError)[], maxAttempts = 3) {
  const requests: AnalysisRequest[] = []
  const stored: unknown[] = []
  const deps = {
    threshold: 0.7,
    maxAttempts,
    analyses: {
      create: async () => {},
      finish: async () => {},
      recordAttempt: async (entry: unknown) => void stored.push(entry),
    },
    dsAnalysts: {
      service: 'ds_analysts' as const,
      async *call(message: { data?: { data: Record<string, unknown> } }): AsyncGenerator<AgentYield> {
        requests.push(fromWire(message.data?.data) as AnalysisRequest)
        const result = results[requests.length - 1]!
        if (result instanceof AetherError) throw result
        yield { kind: 'output', schema: 'aether.analysis-result/v1', data: toWire(result) }
        yield { kind: 'result', text: '', analysisIds: [] }
      },
    },
  } as unknown as AgentDeps
  const events: AgentEvent[] = []
  const steps = runRounds(job, deps, call)
  let step = await steps.next()
  while (!step.done) {
    if (step.value.kind !== 'output') events.push(step.value)
    step = await steps.next()
  }
  return { rounds: step.value as Rounds, events, requests, stored }
}

const tryWith = (attempt: number, value: number) =>
  aResult({ attempt, findings: [aFinding({ confidence: aConfidence(['sample', value]) })] })

describe('the confidence loop', () => {
  it('is content with a sure first try', async () => {
    const { rounds, requests, stored } = await loop([tryWith(1, 0.9)])
    expect(requests).toHaveLength(1)
    expect(stored).toHaveLength(1)
    expect(rounds.attempts).toEqual([{ number: 1, confidence: 0.9, weakest: 'sample', changes: [] }])
  })

  it('makes a visible second try that changes what the weakest factor calls for, by those concerned alone', async () => {
    const { rounds, requests, events } = await loop([tryWith(1, 0.4), tryWith(2, 0.8)])
    expect(requests.map((r) => [r.analysts, r.strategy.extraDays])).toEqual([
      [['energy', 'diagnostic'], 0],
      [['energy'], 14],
    ])
    expect(rounds.evidence.findings[0]?.confidence.value).toBe(0.8)
    expect(events.filter((e) => e.kind === 'attempt')).toMatchObject([
      { number: 1, confidence: 0.4 },
      { number: 2, confidence: 0.8, changes: [expect.stringContaining('14 more days')] },
    ])
    expect(events.filter((e) => e.kind === 'delegation')).toHaveLength(2)
  })

  it('stops early when a try gains less than 0.05', async () => {
    const { requests } = await loop([tryWith(1, 0.4), tryWith(2, 0.44), tryWith(3, 0.9)])
    expect(requests).toHaveLength(2)
  })

  it('never makes more tries than allowed', async () => {
    const { requests } = await loop([tryWith(1, 0.1), tryWith(2, 0.3), tryWith(3, 0.5), tryWith(4, 0.9)])
    expect(requests).toHaveLength(3)
  })

  it('keeps what stands when a later try fails', async () => {
    const { rounds } = await loop([tryWith(1, 0.4), new AetherError('AGENT_UNAVAILABLE')])
    expect(rounds.trouble?.code).toBe('AGENT_UNAVAILABLE')
    expect(rounds.evidence.findings).toHaveLength(1)
  })

  it('fails with the cause when nothing was found', async () => {
    await expect(loop([new AetherError('HOME_UNAVAILABLE')])).rejects.toMatchObject({
      code: 'HOME_UNAVAILABLE',
    })
  })
})
