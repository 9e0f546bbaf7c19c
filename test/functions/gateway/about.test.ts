import { expect, test } from 'vitest'
import { createAbout, type StatusInfo } from '../../../functions/gateway/about.ts'
import { systemTimers } from '../../../functions/gateway/runs/timers.ts'
import { createLog } from '../../../shared/config/log.ts'

const INFO: StatusInfo = {
  home: { source: 'demo', name: 'Demo home' },
  model: 'm',
  sandbox: { tier: 'gvisor', runsc: '1', platform: 'systrap' },
}
const NOTHING = { home: null, model: 'm', sandbox: null }

function setUp(describe: () => StatusInfo | Promise<StatusInfo>) {
  const clock = { now: 0 }
  const log = createLog({ write() {}, level: 'silent', service: 'x', now: () => 0, secrets: [] })
  const deps = { model: 'm', now: () => clock.now, timers: systemTimers, log, boundMs: 5, keptMs: 3_000 }
  return { clock, about: createAbout(describe, deps) }
}

test('is asked once in a few seconds', async () => {
  let asked = 0
  const { clock, about } = setUp(() => {
    asked++
    return INFO
  })
  expect(await Promise.all([about(), about()])).toEqual([INFO, INFO])
  clock.now = 3_000
  await about()
  expect(asked).toBe(2)
})

test('does not wait for what hangs, and says it once it is there', async () => {
  const there = Promise.withResolvers<StatusInfo>()
  const { about } = setUp(() => there.promise)
  expect(await about()).toEqual(NOTHING)
  there.resolve(INFO)
  expect(await about()).toEqual(INFO)
})

test('a description that fails says what is known without it', async () => {
  expect(await setUp(() => Promise.reject(new Error('x'))).about()).toEqual(NOTHING)
  const broken = setUp(() => {
    throw new Error('x')
  })
  expect(await broken.about()).toEqual(NOTHING)
})
