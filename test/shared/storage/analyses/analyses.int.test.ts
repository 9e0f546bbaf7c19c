import { beforeEach, describe, expect, test } from 'vitest'
import type { AnalysisResult, Attempt, ScriptRun } from '../../../../shared/domain/analysis.ts'
import type { Finding } from '../../../../shared/domain/finding.ts'
import type { Metric } from '../../../../shared/domain/metric.ts'
import { createAnalysis } from '../../../../shared/storage/analyses/create-analysis.ts'
import { finishAnalysis } from '../../../../shared/storage/analyses/finish-analysis.ts'
import { listAnalyses } from '../../../../shared/storage/analyses/list-analyses.ts'
import { readAnalysis } from '../../../../shared/storage/analyses/read-analysis.ts'
import { recordAttempt } from '../../../../shared/storage/analyses/record-attempt.ts'
import { conversations } from '../../../../shared/storage/schema/conversations.ts'
import { runs } from '../../../../shared/storage/schema/runs.ts'
import { withDatabase } from '../../../harness/database.ts'

const database = withDatabase()
const window = { start: '2026-11-16T23:00:00Z', end: '2026-11-23T23:00:00Z', timeZone: 'Europe/Berlin' }
let count = 0
let id = ''

beforeEach(async () => {
  id = `ana_${++count}`
  await createAnalysis(database.db, { id, runId: '', owner: 'key_a', question: 'How much?', window })
})

function metric(over: Partial<Metric> = {}): Metric {
  return {
    id: 'met_1',
    name: 'energy_total',
    label: null,
    value: 184.99,
    unit: 'kWh',
    at: null,
    local: null,
    window,
    method: 'flow/1',
    bucket: 'hour',
    coverage: 1,
    samples: 168,
    entities: ['sensor.grid'],
    attempt: 1,
    ...over,
  }
}

function finding(over: Partial<Finding> = {}): Finding {
  return {
    id: 'fnd_1',
    analyst: 'energy',
    kind: 'total',
    title: 'Total',
    statement: 'The home used 184.99 kWh.',
    confidence: { value: 0.9, factors: [{ name: 'coverage', value: 0.9, reason: 'some hours are missing' }] },
    metricIds: ['met_1'],
    entities: [],
    evidence: [{ kind: 'metric', metricId: 'met_1' }],
    ...over,
  }
}

function script(over: Partial<ScriptRun> = {}): ScriptRun {
  return {
    id: 'scr_1',
    analyst: 'energy',
    attempt: 1,
    code: 'print(1)',
    files: ['meter.csv'],
    exitClass: 'ok',
    errorClass: null,
    stdout: '1\n',
    stderr: '',
    result: { total: 1 },
    metrics: [{ name: 'peak', value: 1.5, unit: 'kW', at: '2026-11-17T18:00:00Z' }],
    artifacts: [
      { name: 'load.svg', mediaType: 'image/svg+xml', bytes: 11, content: '<svg></svg>', encoding: 'utf8' },
    ],
    artifactsRefused: [{ name: 'x.exe', reason: 'a name is plain' }],
    timings: { run_ms: 12 },
    tier: 'gvisor',
    ...over,
  }
}

const attempt = (number: number, confidence: number): Attempt => ({
  number,
  confidence,
  weakest: 'coverage',
  changes: number === 1 ? [] : ['longer window'],
})

async function record(number: number, result: Partial<AnalysisResult>, confidence = 0.5): Promise<void> {
  await recordAttempt(database.db, {
    analysisId: id,
    attempt: attempt(number, confidence),
    result: { analysisId: id, attempt: number, findings: [], metrics: [], scripts: [], ...result },
  })
}

const read = (owner = 'key_a') => readAnalysis(database.db, { id, owner })

test('an analysis is read as it was written', async () => {
  const peak = metric({
    id: 'met_2',
    name: 'peak_power_15m',
    at: '2026-11-17T17:15:00Z',
    local: '18:15',
    unit: 'kW',
  })
  await record(1, { findings: [finding()], metrics: [metric(), peak], scripts: [script()] })
  const artifacts = [{ id: 'art_1', mediaType: 'image/svg+xml', title: 'Chart', url: '/a' }]
  await finishAnalysis(database.db, { analysisId: id, confidence: 0.9, artifacts })
  expect(await read()).toEqual({
    id,
    runId: '',
    question: 'How much?',
    window,
    confidence: 0.9,
    attempts: [attempt(1, 0.5)],
    findings: [finding()],
    metrics: [metric(), peak],
    scripts: [script()],
    artifacts,
  })
})

test('it belongs to its owner alone', async () => {
  expect(await read('key_b')).toBeNull()
  expect(await readAnalysis(database.db, { id: 'ana_none', owner: 'key_a' })).toBeNull()
})

test('before its end it has the confidence of its last try', async () => {
  expect(await read()).toMatchObject({ confidence: 0, attempts: [] })
  await record(1, {}, 0.4)
  await record(2, {}, 0.6)
  expect(await read()).toMatchObject({ confidence: 0.6, attempts: [attempt(1, 0.4), attempt(2, 0.6)] })
})

test('every verb can be repeated; the first end stands', async () => {
  await createAnalysis(database.db, { id, runId: '', owner: 'key_b', question: 'Other', window })
  await record(1, { findings: [finding()], metrics: [metric()] })
  await record(1, { findings: [finding({ title: 'Other' })], metrics: [metric({ value: 0 })] })
  await finishAnalysis(database.db, { analysisId: id, confidence: 0.9, artifacts: [] })
  await finishAnalysis(database.db, { analysisId: id, confidence: 0.1, artifacts: [] })
  expect(await read()).toMatchObject({
    question: 'How much?',
    confidence: 0.9,
    findings: [finding()],
    metrics: [metric()],
  })
})

test('a try that cannot be stored leaves nothing behind', async () => {
  const broken = { ...metric(), value: null } as unknown as Metric
  await expect(record(1, { findings: [finding()], metrics: [broken] })).rejects.toThrow()
  expect(await read()).toMatchObject({ attempts: [], findings: [] })
})

test('more metrics than one statement can take are stored, in order', async () => {
  const many = Array.from({ length: 5_000 }, (_, i) => metric({ id: `met_${i}`, value: i }))
  await record(1, { metrics: many })
  expect((await read())?.metrics.map((one) => one.value)).toEqual(many.map((one) => one.value))
})

describe('findings', () => {
  test('a surer finding about the same thing takes the place of an earlier one', async () => {
    const low = finding({ id: 'fnd_low', confidence: { value: 0.3, factors: [] } })
    const high = finding({ id: 'fnd_high', confidence: { value: 0.8, factors: [] } })
    const lower = finding({ id: 'fnd_lower', confidence: { value: 0.2, factors: [] } })
    await record(1, { findings: [low, finding({ id: 'fnd_peak', kind: 'peak' })] })
    await record(2, { findings: [high] })
    await record(3, { findings: [lower] })
    expect((await read())?.findings.map((one) => one.id)).toEqual(['fnd_high', 'fnd_peak'])
  })
})

describe('scripts', () => {
  test('what a script prints and reports is kept, whatever it is', async () => {
    const odd = script({
      id: 'scr_odd',
      stdout: 'a\u0000b',
      result: { 'k\u0000': '\ud800' },
      exitClass: 'error',
    })
    const none = script({ id: 'scr_none', result: null, exitClass: 'unavailable', tier: 'unavailable' })
    await record(1, { scripts: [odd, none] })
    expect((await read())?.scripts).toEqual([
      { ...odd, stdout: 'a\ufffdb', result: { 'k\ufffd': '\ufffd' } },
      none,
    ])
  })
})

describe('runs', () => {
  test('the analyses of a run are listed in order, and go with their conversation', async () => {
    const at = new Date()
    await database.db
      .insert(conversations)
      .values({ id: 'conv_1', owner: 'key_a', title: 't', createdAt: at, updatedAt: at })
    await database.db.insert(runs).values({
      id: 'run_1',
      owner: 'key_a',
      conversationId: 'conv_1',
      state: 'queued',
      options: { agent: 'auto', stop: [], clientMessageId: null },
      messageHash: 'h',
      analysisIds: [],
      createdAt: at,
    })
    for (const name of ['ana_one', 'ana_two'])
      await createAnalysis(database.db, { id: name, runId: 'run_1', owner: 'key_a', question: 'q', window })
    const listed = await listAnalyses(database.db, { runId: 'run_1' })
    expect(listed.map((one) => [one.id, one.runId])).toEqual([
      ['ana_one', 'run_1'],
      ['ana_two', 'run_1'],
    ])
    await database.db.delete(conversations)
    expect(await listAnalyses(database.db, { runId: 'run_1' })).toEqual([])
  })
})
