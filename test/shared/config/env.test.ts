import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import {
  checkEnv,
  currency,
  fraction,
  integer,
  list,
  oneOf,
  onOff,
  port,
  postgresUrl,
  seconds,
  secret,
  timeZone,
  url,
} from '../../../shared/config/env.ts'
import { reveal } from '../../../shared/config/secret.ts'

/** What one block makes of a text: its value, or its fault. */
function read<T>(block: v.GenericSchema<string, T>, text: string | undefined): T | string | undefined {
  const checked = checkEnv(v.object({ X: v.optional(block) }), { X: text })
  if (!checked.ok)
    return `fault: ${checked.faults.map((fault) => `${fault.name} ${fault.reason}`).join('; ')}`
  return checked.value.X
}

describe('checkEnv', () => {
  test('gives all faults at once, by name and reason, in the order of the schema, and never a value', () => {
    const schema = v.object({
      KEY: secret(16),
      PORT: v.optional(port()),
      ZONE: v.optional(timeZone()),
      MUST: url(),
    })
    const checked = checkEnv(schema, { KEY: 'hunter2', PORT: 'hunter2', ZONE: 'hunter2' })
    expect(checked).toEqual({
      ok: false,
      faults: expect.arrayContaining([
        { name: 'KEY', reason: 'must have at least 16 characters' },
        { name: 'PORT', reason: 'must be a whole number from 0 to 65535' },
        { name: 'ZONE', reason: 'must be an IANA time zone such as Europe/Berlin' },
        { name: 'MUST', reason: 'must be set' },
      ]),
    })
    expect(JSON.stringify(checked)).not.toContain('hunter2')
  })

  test('an empty variable, or one of blanks, counts as not set; values are trimmed', () => {
    expect(read(port(), '')).toBeUndefined()
    expect(read(port(), '  ')).toBeUndefined()
    expect(read(port(), ' 80 ')).toBe(80)
  })

  test('variables that the schema does not name are left alone', () => {
    expect(checkEnv(v.object({}), { OTHER: 'x' })).toEqual({ ok: true, value: {} })
  })
})

describe('blocks', () => {
  test('numbers', () => {
    expect(read(integer(1, 10), '10')).toBe(10)
    expect(read(fraction(), '0.7')).toBe(0.7)
    expect(read(seconds(1, 60), '1.5')).toBe(1_500)
    for (const text of ['11', '0', '-1', '1e1', '0x1', 'NaN', '1.5', '９'])
      expect(read(integer(1, 10), text)).toBe('fault: X must be a whole number from 1 to 10')
    for (const text of ['1.1', '-0.1', '.', 'Infinity'])
      expect(read(fraction(), text)).toBe('fault: X must be a number from 0 to 1')
  })

  test('an integer block accepts exactly the whole numbers of its range', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100_000 }), (n) => {
        expect(typeof read(port(), String(n)) === 'number').toBe(n >= 0 && n <= 65_535)
      }),
    )
  })

  test('URLs lose their trailing slash; other schemes are refused', () => {
    expect(read(url(), 'http://localhost:11434/v1/')).toBe('http://localhost:11434/v1')
    for (const text of ['localhost:11434', 'ftp://x', 'file:///etc/passwd', 'http//x'])
      expect(read(url(), text)).toMatch(/^fault: X must be a URL/)
  })

  test('secrets and database URLs never print', () => {
    const password = read(secret(3), 'hunter2')
    const database = read(postgresUrl(), 'postgres://u:hunter2@h/d')
    expect(`${password} ${database} ${JSON.stringify([password, database])}`).not.toContain('hunter2')
    expect(typeof database === 'object' && reveal(database)).toBe('postgres://u:hunter2@h/d')
    expect(read(postgresUrl(), 'mysql://u:p@h/d')).toBe('fault: X must be a URL that begins with postgres://')
  })

  test('words, switches, lists, zones and currencies', () => {
    expect(read(oneOf(['a', 'b']), 'b')).toBe('b')
    expect(read(oneOf(['a', 'b']), 'c')).toBe('fault: X must be one of a, b')
    expect([read(onOff(), 'ON'), read(onOff(), '0'), read(onOff(), 'perhaps')]).toEqual([
      true,
      false,
      'fault: X must be on or off',
    ])
    expect(read(list(), ' a ,, b ')).toEqual(['a', 'b'])
    expect(read(timeZone(), 'Europe/Berlin')).toBe('Europe/Berlin')
    expect(read(currency(), 'eur')).toBe('EUR')
    expect(read(currency(), 'euro')).toMatch(/^fault/)
  })
})
