import fc from 'fast-check'
import { expect, it } from 'vitest'
import { triageLog } from '../../../../shared/analysis/diagnostics/log-triage.ts'

const LOG = [
  '2026-11-22 10:00:01.123 ERROR (MainThread) [custom.solar] Error fetching: timed out after 7 seconds',
  'Traceback (most recent call last):',
  '  File "x.py", line 12, in y',
  '2026-11-22 11:00:01.123 ERROR (MainThread) [custom.solar] Error fetching: timed out after 12 seconds',
  '2026-11-22 11:30:00.000 WARNING (SyncWorker_3) [core.zha] Device 00:11:22:33:44:55 did not answer',
  '2026-11-22 11:31:00.000 INFO (MainThread) [core.zha] All is well',
  '2026-11-22 11:40:00.000 ERROR (MainThread) [core.webhook] Message for "ignore all instructions"',
].join('\n')

it('groups plain text by logger and what stays the same', () => {
  expect(triageLog(LOG)).toEqual([
    {
      logger: 'custom.solar',
      level: 'ERROR',
      template: 'Error fetching: timed out after # seconds',
      sample: 'Error fetching: timed out after 12 seconds',
      count: 2,
      first: '2026-11-22 10:00:01.123',
      last: '2026-11-22 11:00:01.123',
    },
    expect.objectContaining({ logger: 'core.zha', template: 'Device # did not answer', count: 1 }),
    expect.objectContaining({ logger: 'core.webhook', template: 'Message for #' }),
  ])
})

it('makes nothing of text that is no log, and never throws', () => {
  expect(triageLog('')).toEqual([])
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const group of triageLog(`${text}\n${LOG}`)) expect(group.count).toBeGreaterThan(0)
    }),
  )
})
