import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../../functions/ds_analysts/agent.ts'
import type { AgentDeps } from '../../../functions/ds_analysts/deps.ts'
import type { AnalysisRequest, AnalysisResult } from '../../../shared/domain/analysis.ts'
import type { AgentEvent } from '../../../shared/domain/event.ts'
import { createNewId } from '../../../shared/domain/ids.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { dayWindow } from '../../../shared/domain/time/zone.ts'
import { fromWire } from '../../../shared/domain/wire.ts'
import { createDemoHome } from '../../../shared/home/demo/demo-home.ts'
import { NO_TRACER } from '../../../shared/tracing/tracer.ts'
import { noModel } from '../../fakes/no-model.ts'
import { aRequest } from '../../fakes/records.ts'

const NOW = Date.parse('2026-11-24T10:00:00Z')
const zone = 'Europe/Berlin'
const week = dayWindow('2026-11-17', '2026-11-23', zone)
const before = dayWindow('2026-11-10', '2026-11-16', zone)
const home = createDemoHome({ now: () => NOW })
const call = {
  user: 'me',
  messageId: 'm',
  deadline: 1e15,
  signal: new AbortController().signal,
  traceparent: '',
}

const deps = {
  now: () => NOW,
  newId: createNewId(() => NOW),
  home,
  llm: noModel,
  sandbox: null,
  tracer: NO_TRACER,
} as unknown as AgentDeps

async function analyse(over: Partial<AnalysisRequest>) {
  const events: AgentEvent[] = []
  let result: AnalysisResult | null = null
  for await (const item of run(aRequest({ window: week, compare: before, ...over }), deps, call)) {
    if (item.kind === 'output') result = fromWire(item.data) as AnalysisResult
    else events.push(item)
  }
  if (!result) throw new Error('no result')
  const { metrics, findings } = result
  const metric = (name: string, label: string | null = null): Metric => {
    const found = metrics.find((m) => m.name === name && m.label === label)
    if (!found) throw new Error(`no ${name}`)
    return found
  }
  return { events, findings, metrics, metric, text: findings.map((f) => f.statement).join('\n') }
}

describe('the energy analyst on the demo home', () => {
  const truth = home.truth({ start: Date.parse(week.start), end: Date.parse(week.end) })
  let overview: Awaited<ReturnType<typeof analyse>>
  beforeAll(async () => {
    overview = await analyse({ focus: ['overview'] })
  })
  const near = (value: number, right: number, share: number) =>
    expect(Math.abs(value - right) / right).toBeLessThanOrEqual(share)

  it('finds total and cost within 0.5 % of the truth', () => {
    near(overview.metric('energy_total').value, truth.totalKwh, 0.005)
    near(overview.metric('energy_cost').value, truth.cost, 0.005)
    near(overview.metric('solar_energy').value, truth.solarKwh, 0.005)
  })

  it('finds each peak in the right bucket', () => {
    for (const [name, right] of [
      ['peak_power_15m', truth.peak15],
      ['peak_power_30m', truth.peak30],
      ['peak_power_60m', truth.peak60],
    ] as const) {
      expect(overview.metric(name).at).toBe(new Date(right.startMs).toISOString())
      near(overview.metric(name).value, right.kw, 0.005)
    }
  })

  it('finds the planted always-on load by both estimators', () => {
    near(overview.metric('baseload_p5').value, truth.alwaysOnW, 0.05)
    near(overview.metric('baseload_mode').value, truth.alwaysOnW, 0.05)
  })

  it('finds what each device used', () => {
    for (const [name, kwh] of Object.entries(truth.devices))
      near(overview.metric('device_energy', name).value, kwh, 0.005)
  })

  it('holds the week against the one before', () => {
    const then = home.truth({ start: Date.parse(before.start), end: Date.parse(before.end) })
    near(overview.metric('energy_previous').value, then.totalKwh, 0.005)
    near(overview.metric('energy_change_kwh').value, truth.totalKwh - then.totalKwh, 0.02)
  })

  it('rests every finding on metrics that are in the result, and streams each', () => {
    const ids = new Set(overview.metrics.map((m) => m.id))
    for (const finding of overview.findings) {
      for (const id of finding.metricIds) expect(ids.has(id)).toBe(true)
      expect(finding.confidence.value).toBeGreaterThan(0)
      expect(finding.confidence.value).toBeLessThanOrEqual(1)
    }
    expect(overview.events.filter((e) => e.kind === 'finding')).toHaveLength(overview.findings.length)
  })

  it('answers which device uses most at night', async () => {
    const night = await analyse({ focus: ['night'], question: 'which device uses most at night?' })
    expect(night.findings.map((f) => f.kind)).toContain('night')
    expect(night.metrics.filter((m) => m.name === 'device_night_energy').length).toBeGreaterThan(3)
  })
})

describe('the other analysts on the demo home', () => {
  it('finds the routine that nobody has automated, and the automation that is undone', async () => {
    const { text } = await analyse({ analysts: ['behavioral'], focus: ['routines'] })
    expect(text).toMatch(/22:\d\d/)
    expect(text).toContain('no automation does it yet')
    expect(text).toContain('was undone')
  })

  it('finds what is weak, gone, stuck and broken', async () => {
    const { findings, metric } = await analyse({
      analysts: ['diagnostic'],
      focus: ['availability', 'battery'],
    })
    expect(findings.map((f) => f.kind)).toEqual(
      expect.arrayContaining(['availability', 'battery', 'automations', 'log']),
    )
    const low = findings.find((f) => f.kind === 'battery')!
    expect(low.statement).toContain('8 %')
    expect(metric('orphan_count').value).toBeGreaterThanOrEqual(2)
  })

  it('answers about the device that the question names before all others', async () => {
    const about = async (question: string) => {
      const { findings } = await analyse({ analysts: ['diagnostic'], focus: ['availability'], question })
      return findings.find((f) => f.title === 'Availability')?.statement
    }
    expect(await about('Is the fridge broken?')).toMatch(/^Nothing that is named “fridge” is unavailable/)
    expect(await about('Is the sauna broken?')).toMatch(/^Nothing here goes by the name “sauna”/)
    expect(await about('Is anything broken?')).toMatch(/^Unavailable now/)
  })

  it('finds the fridge-freezer whose compressor runs longer every week, and no device that is well', async () => {
    const ask = async (question: string) =>
      (await analyse({ analysts: ['diagnostic'], focus: ['availability'], question })).findings
    const [asked] = await ask('Is the fridge broken?')
    expect(asked?.statement).toMatch(
      /^Fridge-freezer uses more from week to week: 0\.\d+ kWh a day 8 weeks ago, 1\.\d+ kWh now, \d+(?:\.\d)? % more \(\d/,
    )
    const open = (await ask('Is anything broken?')).filter(({ title }) => title === 'Drift of devices')
    expect(open.map(({ entities }) => entities)).toEqual([['sensor.fridge_freezer_energy']])
    const [rack] = await ask('Is the network rack broken?')
    expect(rack?.statement).toMatch(/^Network rack shows no steady rise/)
  })

  it('never takes text of the log for anything but data', async () => {
    const { text } = await analyse({ analysts: ['diagnostic'], focus: ['log'] })
    expect(text).not.toMatch(/ignore (all|previous)/i)
  })
})

it('three analysts give their findings side by side, a later one reading the earlier', async () => {
  const { findings } = await analyse({ analysts: ['diagnostic', 'energy', 'behavioral'] })
  expect([...new Set(findings.map((f) => f.analyst))]).toEqual(['energy', 'behavioral', 'diagnostic'])
})
