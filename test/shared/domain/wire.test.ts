import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromWire, toWire } from '../../../shared/domain/wire.ts'

describe('wire names', () => {
  it('renames keys at every depth and leaves values alone', () => {
    const domain = {
      analysisId: 'ana_1',
      timeZone: 'Europe/Berlin',
      metrics: [{ metricIds: ['aB'], mediaType: null }],
    }
    const wire = {
      analysis_id: 'ana_1',
      time_zone: 'Europe/Berlin',
      metrics: [{ metric_ids: ['aB'], media_type: null }],
    }
    expect(toWire(domain)).toEqual(wire)
    expect(fromWire(wire)).toEqual(domain)
  })

  it("does not touch the keys of somebody else's JSON", () => {
    const run = { exitClass: 'ok', result: { totalKwh: 1, peak_60m: 2 }, timings: { start_ms: 3 } }
    expect(toWire(run)).toEqual({
      exit_class: 'ok',
      result: { totalKwh: 1, peak_60m: 2 },
      timings: { start_ms: 3 },
    })
    expect(fromWire(toWire(run))).toEqual(run)
  })

  it('keeps a key named __proto__ a key', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}}')
    const out = fromWire(hostile) as object
    expect(Object.keys(out)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('comes back as it went for any record with camelCase keys', () => {
    const key = fc
      .stringMatching(/^[a-z]+([A-Z][a-z]+)*$/)
      .filter((k) => !['result', 'timings', 'responseFormat'].includes(k))
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 3 }),
      ),
    })).node
    fc.assert(
      fc.property(value, (v) => {
        expect(fromWire(toWire(v))).toEqual(v)
      }),
    )
  })
})
