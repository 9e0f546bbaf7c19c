import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { checkJob, MAX_FILES, MAX_FILES_BYTES, MAX_SCRIPT_CHARS } from '../../../shared/sandbox/check-job.ts'
import type { SandboxFile } from '../../../shared/sandbox/port.ts'

const fault = (files: readonly SandboxFile[], script = 'pass'): [string, string | undefined] | null => {
  try {
    checkJob({ script, files })
    return null
  } catch (thrown) {
    if (thrown instanceof AetherError) return [thrown.code, thrown.details.param]
    throw thrown
  }
}
const named = (name: string) => ({ name, content: '' })

describe('checkJob', () => {
  it.each(['power.csv', 'a', '_x', 'Grün-blau 2.json', '2026-11.csv', 'a..b', '北.csv'])(
    'takes the name %s',
    (name) => expect(fault([named(name)])).toBeNull(),
  )

  it.each([
    '',
    '.',
    '..',
    '../x',
    '/etc/passwd',
    'a/b',
    'a\\b',
    '.hidden',
    '-rf',
    'x\0y',
    'x\ny',
    'x.',
    'x ',
    ' x',
    'a:b',
    'x'.repeat(101),
    '\u202ecsv.x',
    '$(id)',
    '~',
    '*',
  ])('refuses the name %j', (name) =>
    expect(fault([named(name)])).toEqual(['INVALID_INPUT', 'files[0].name']),
  )

  it('takes no name that could leave the folder, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        if (fault([named(name)]) !== null) return
        expect(name).not.toMatch(/[/\\\0\n]|^\.|^-/)
        expect(name.length).toBeGreaterThan(0)
      }),
    )
  })

  it('refuses the same name twice, also in another case or form', () => {
    expect(fault([named('A.csv'), named('a.CSV')])).toEqual(['INVALID_INPUT', 'files[1].name'])
    expect(fault([named('\u00e4'), named('a\u0308')])?.[0]).toBe('INVALID_INPUT')
  })

  it('refuses what is too much', () => {
    expect(fault(Array.from({ length: MAX_FILES + 1 }, (_, i) => named(`f${i}`)))).toEqual([
      'TOO_LARGE',
      'files',
    ])
    expect(fault([], 'x'.repeat(MAX_SCRIPT_CHARS + 1))).toEqual(['TOO_LARGE', 'script'])
    const half = { name: 'a', content: 'x'.repeat(MAX_FILES_BYTES / 2) }
    expect(fault([half, { ...half, name: 'b' }])).toBeNull()
    expect(fault([half, { ...half, name: 'b' }, { name: 'c', content: 'x' }])).toEqual(['TOO_LARGE', 'files'])
    expect(fault([{ name: 'a', content: 'ä'.repeat(MAX_FILES_BYTES / 2 + 1) }])).toEqual([
      'TOO_LARGE',
      'files',
    ])
  })

  it('refuses a script that is none', () => {
    expect(fault([], ' \n')).toEqual(['INVALID_INPUT', 'script'])
    expect(fault([], 'a\0b')).toEqual(['INVALID_INPUT', 'script'])
  })

  it('refuses base64 that is none', () => {
    const base64 = (content: string) => fault([{ name: 'a', content, encoding: 'base64' }])
    expect(base64('AP8Q')).toBeNull()
    expect(base64('AP8=')).toBeNull()
    for (const bad of ['AP8', 'A P8', 'AP8_', '====', 'AP8=Q']) expect(base64(bad)?.[0]).toBe('INVALID_INPUT')
  })

  it('never says the value', () => {
    const secret = 'secret/../value'
    expect(() => checkJob({ script: 'pass', files: [named(secret)] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })
})
