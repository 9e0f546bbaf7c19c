import { describe, expect, it } from 'vitest'
import { readErrorLog } from '../../../../shared/home/demo/error-log.ts'
import { createScenario } from '../../../../shared/home/demo/scenario.ts'

const NOW = Date.parse('2026-11-24T10:07:00Z')
const log = (now: number) => readErrorLog({ seed: 20_241, now, scenario: createScenario(20_241, now) })
const LINE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (ERROR|WARNING) \((\w+)\) \[([\w.]+)\] (.+)$/

describe('readErrorLog', () => {
  it('is plain text in Home Assistant’s form, in order of local time, up to now', () => {
    const lines = log(NOW).trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(LINE)
    const stamps = lines.map((line) => line.slice(0, 23))
    expect(stamps).toEqual([...stamps].sort())
    expect((stamps.at(-1) ?? '') < '2026-11-24 11:07:00').toBe(true)
  })

  it('repeats one error most of all', () => {
    const counts = new Map<string, number>()
    for (const line of log(NOW).trimEnd().split('\n')) {
      const logger = LINE.exec(line)?.[3] ?? ''
      counts.set(logger, (counts.get(logger) ?? 0) + 1)
    }
    const [most] = [...counts].sort((a, b) => b[1] - a[1])
    expect(most?.[0]).toBe('custom_components.solar_forecast.coordinator')
    expect(most?.[1]).toBeGreaterThan(40)
    expect(counts.get('homeassistant.components.webhook')).toBeGreaterThanOrEqual(1)
  })

  it('tells of the outage while it is within the last two days', () => {
    const outage = createScenario(20_241, NOW).outages({ start: NOW - 7 * 86_400_000, end: NOW })[0]
    expect(log((outage?.end ?? 0) + 3_600_000)).toContain('zha.core.gateway] Failed to send request')
    expect(log((outage?.end ?? 0) + 3 * 86_400_000)).not.toContain('zha.core.gateway')
  })

  it('says the same of the past at a later present', () => {
    const early = log(NOW).trimEnd().split('\n').slice(-10)
    const later = log(NOW + 3_600_000)
    for (const line of early) expect(later).toContain(line)
  })
})
