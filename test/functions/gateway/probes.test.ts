import { expect, test } from 'vitest'
import { createProbes, type Probe } from '../../../functions/gateway/probes.ts'
import { systemTimers } from '../../../functions/gateway/runs/timers.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'

const probe = (name: string, check: Probe['check']): Probe => ({ name, kind: 'agent', required: true, check })

function setUp(list: Probe[]) {
  const clock = { now: 0 }
  const probes = createProbes(list, {
    now: () => clock.now,
    timers: systemTimers,
    boundMs: 5,
    keptMs: 3_000,
  })
  return { clock, probes }
}

test('a probe that answers, one that fails by the table, one that never answers', async () => {
  const { probes } = setUp([
    probe('ok', async () => ({ state: 'ok', version: '18' })),
    probe('down', async () => {
      throw new AetherError('HOME_UNAVAILABLE')
    }),
    probe('hangs', () => new Promise(() => {})),
  ])
  const [ok, down, hangs] = await probes.look()
  expect(ok).toMatchObject({ state: 'ok', version: '18', code: null, next: null })
  expect(down).toMatchObject({ state: 'down', code: 'home_unavailable' })
  expect(down?.next).toMatch(/home/)
  expect(hangs).toMatchObject({ state: 'down', code: 'timeout', message: 'It does not answer in time.' })
  expect(hangs?.next).toMatch(/its log/)
})

test('the signal ends a slow look', async () => {
  let ended = false
  const { probes } = setUp([
    probe(
      'slow',
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            ended = true
            reject(signal.reason)
          })
        }),
    ),
  ])
  await probes.look()
  expect(ended).toBe(true)
})

test('a look is shared for a few seconds', async () => {
  let looks = 0
  const { probes, clock } = setUp([
    probe('ok', async () => {
      looks++
      return { state: 'ok' }
    }),
  ])
  await Promise.all([probes.look(), probes.look()])
  clock.now = 2_999
  await probes.look()
  expect(looks).toBe(1)
  clock.now = 3_000
  await probes.look()
  expect(looks).toBe(2)
})

test('a probe that throws before it has a promise is down like any other', async () => {
  const { probes } = setUp([
    probe('broken', () => {
      throw new TypeError('x')
    }),
  ])
  expect(await probes.look()).toMatchObject([{ state: 'down', code: 'internal' }])
})
