import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'
import type { SandboxResult } from '../../../shared/sandbox/port.ts'
import {
  parseRunRequest,
  parseRunResponse,
  parseStatus,
  toRunRequest,
  toRunResponse,
  toStatusResponse,
} from '../../../shared/sandbox/wire.ts'

const overWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('the request of POST /run', () => {
  it('needs a script alone', () => {
    expect(parseRunRequest({ script: 'pass' })).toEqual({ script: 'pass', files: [], limits: DEFAULT_LIMITS })
  })

  it('comes out as it went in', () => {
    const job = {
      script: 'print(1)',
      files: [
        { name: 'a.csv', content: 'x,ä\n' },
        { name: 'b.bin', content: 'AP8Q', encoding: 'base64' as const },
      ],
      limits: { wallMs: 5_000, cpuS: 3, memoryMb: 400, outputBytes: 2_000 },
    }
    expect(parseRunRequest(overWire(toRunRequest(job)))).toEqual(job)
  })

  it('brings limits into their range', () => {
    const { limits } = parseRunRequest({ script: 'pass', limits: { wall_ms: 1e9, memory_mb: 1, unknown: 1 } })
    expect(limits).toEqual({ ...DEFAULT_LIMITS, wallMs: 120_000, memoryMb: 320 })
  })

  it.each<[unknown, string | undefined]>([
    [null, undefined],
    ['x', undefined],
    [{}, 'script'],
    [{ script: 1 }, 'script'],
    [{ script: 'x', files: {} }, 'files'],
    [
      {
        script: 'x',
        files: [
          { name: 'a', content: 'b' },
          { name: 5, content: 'x' },
        ],
      },
      'files[1].name',
    ],
    [{ script: 'x', files: [{ name: 'a' }] }, 'files[0]'],
    [{ script: 'x', files: [{ name: 'a', content: 'b', content_base64: 'AA==' }] }, 'files[0]'],
    [{ script: 'x', files: [{ name: 'a/b', content: 'b' }] }, 'files[0].name'],
    [{ script: 'x', files: [{ name: 'a', content_base64: '*' }] }, 'files[0].content_base64'],
    [{ script: 'x', limits: { wall_ms: 'soon' } }, 'limits.wall_ms'],
    [{ script: 'x', limits: { cpu_s: null } }, 'limits.cpu_s'],
  ])('refuses %j at %s', (body, param) => {
    expect(() => parseRunRequest(body)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: param === undefined ? {} : { param },
      }),
    )
  })

  it('survives any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        try {
          parseRunRequest(body)
        } catch (thrown) {
          expect(thrown).toMatchObject({ name: 'AetherError' })
        }
      }),
    )
  })
})

describe('the answer of POST /run', () => {
  const result: SandboxResult = {
    exitClass: 'error',
    exitCode: 1,
    errorClass: 'KeyError',
    stdout: 'a',
    stderr: 'b',
    result: { some_key: 1, otherKey: [null] },
    metrics: [{ name: 'm', value: null, unit: 'kWh', at: '2026-01-01T00:00:00Z' }],
    artifacts: [
      { name: 'a.csv', type: 'text/csv', bytes: 1, content: 'x', encoding: 'utf8' },
      { name: 'b.png', type: 'image/png', bytes: 1, content: 'AA==', encoding: 'base64' },
    ],
    artifactsRefused: [{ name: 'c', reason: 'why' }],
    telemetry: { spans: [{ name: 'run', start: 1, end: 2 }], counters: { runs: 1 } },
    timings: { run_ms: 5 },
    tier: 'gvisor',
  }

  it('comes out as it went in, with the keys of the result untouched', () => {
    expect(parseRunResponse(overWire(toRunResponse(result)))).toEqual(result)
  })

  it.each([
    null,
    {},
    { ...toRunResponse(result), exit_class: 'unavailable' },
    { ...toRunResponse(result), timings: [1, 'x'] },
  ])('is not one: %j', (body) => expect(parseRunResponse(overWire(body))).toBeNull())
})

describe('parseStatus', () => {
  it('reads a status, and nothing else', () => {
    const status = { tier: 'gvisor' as const, runsc: '1', platform: 'systrap', reason: null }
    expect(parseStatus(overWire(toStatusResponse(status)))).toEqual(status)
    const pool = { size: 2, ready: 1, starting: 1, running: 0, parallel: 2, queued: 0, queueLimit: 64 }
    const full = {
      ...status,
      pool: { ...pool, hits: 3, misses: 1, refillMs: 400, refillBy: 'restore' as const },
    }
    expect(parseStatus(overWire(toStatusResponse(full)))).toEqual(full)
    expect(parseStatus({ tier: 'docker' })).toBeNull()
  })
})
