import { DrizzleQueryError } from 'drizzle-orm/errors'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLog, type LogLevel } from '../../../shared/config/log.ts'
import { createSecret } from '../../../shared/config/secret.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'

function logTo(lines: string[], level: LogLevel = 'debug', secrets: string[] = []) {
  return createLog({
    write: (line) => lines.push(line),
    level,
    service: 'gateway',
    now: () => Date.UTC(2026, 10, 24, 3, 0, 0),
    secrets: secrets.map(createSecret),
  })
}

test('a line is one JSON object with time, level, service, message and the fields', () => {
  const lines: string[] = []
  logTo(lines).child({ run_id: 'run_1' }).warn('two\nlines', { ms: 12 })
  expect(lines).toHaveLength(1)
  expect(lines[0]).not.toContain('\n')
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    at: '2026-11-24T03:00:00.000Z',
    level: 'warn',
    service: 'gateway',
    message: 'two\nlines',
    run_id: 'run_1',
    ms: 12,
  })
})

test('only lines of the level and above are written', () => {
  const lines: string[] = []
  const log = logTo(lines, 'warn')
  log.debug('a')
  log.info('b')
  log.warn('c')
  log.error('d')
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(['c', 'd'])
  const none: string[] = []
  logTo(none, 'silent').error('e')
  expect(none).toEqual([])
})

test('an error is written with its code and the causes behind it', () => {
  const lines: string[] = []
  const cause = new TypeError('socket closed', { cause: new Error('reset') })
  logTo(lines).error('failed', { error: new AetherError('AGENT_UNAVAILABLE', undefined, { cause }) })
  const { error } = JSON.parse(lines[0] ?? '')
  expect(error.code).toBe('AGENT_UNAVAILABLE')
  expect(error.stack).toContain('AetherError')
  expect(error.cause).toMatchObject({
    name: 'TypeError',
    message: 'socket closed',
    cause: { message: 'reset' },
  })
})

test('what cannot be written loses its fields, not the line', () => {
  const lines: string[] = []
  const circle: Record<string, unknown> = {}
  circle.self = circle
  logTo(lines).info('round', { circle })
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'round', service: 'gateway' })
})

test('fields that are named like credentials are never written', () => {
  const lines: string[] = []
  logTo(lines).info('x', {
    headers: { Authorization: 'Bearer abc', 'X-API-Key': 'def' },
    token: 'ghi',
    n: 1n,
  })
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    headers: { Authorization: '[redacted]', 'X-API-Key': '[redacted]' },
    token: '[redacted]',
    n: '1',
  })
})

test('a secret is not written wherever it stands, whatever characters it has', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8, unit: 'grapheme' }), fc.string(), (secret, around) => {
      const lines: string[] = []
      const log = logTo(lines, 'debug', [secret])
      log.info(`${around}${secret}`, { a: { b: [`${secret}${around}`] } })
      log.error('failed', { error: new Error(`no: ${secret}`) })
      const inJson = JSON.stringify(secret).slice(1, -1)
      for (const line of lines) expect(line).not.toContain(inJson)
    }),
  )
})

test('a failed query is named without the values that it was sent with', () => {
  const lines: string[] = []
  const error = new DrizzleQueryError('insert into messages values ($1)', ['what I said'], new Error('away'))
  logTo(lines).error('failed', { error: new Error('outer', { cause: error }) })
  expect(lines[0]).toContain('insert into messages')
  expect(lines[0]).toContain('away')
  expect(lines[0]).not.toContain('what I said')
})
