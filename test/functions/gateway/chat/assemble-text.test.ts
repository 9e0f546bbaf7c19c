import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTextAssembler } from '../../../../functions/gateway/chat/assemble-text.ts'

describe('createTextAssembler', () => {
  test('live deltas and the stored event that covers them say the text once', () => {
    const assembler = createTextAssembler(1)
    const out = [
      assembler.take({ attempt: 1, offset: 0, delta: 'Last ' }),
      assembler.take({ attempt: 1, offset: 5, delta: 'week' }),
      assembler.take({ attempt: 1, offset: 0, delta: 'Last week' }),
      assembler.take({ attempt: 1, offset: 5, delta: 'week used' }),
      assembler.finish('Last week used 84 kWh'),
    ]
    expect(out).toEqual(['Last ', 'week', '', ' used', ' 84 kWh'])
  })

  test('any overlapping pieces in order of their end give the text exactly', () => {
    const cuts = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 30 })
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), cuts, (text, spans) => {
        const assembler = createTextAssembler(1)
        let out = ''
        for (const [a, b] of spans) {
          const [from, to] = [Math.min(a, b), Math.max(a, b)]
          out += assembler.take({ attempt: 1, offset: from, delta: text.slice(from, to) })
        }
        expect(out + assembler.finish(text)).toBe(text)
      }),
    )
  })

  test('text of earlier tries is not said', () => {
    const assembler = createTextAssembler(2)
    expect(assembler.take({ attempt: 1, offset: 0, delta: 'old' })).toBe('')
    expect(assembler.take({ attempt: 2, offset: 0, delta: 'new' })).toBe('new')
    expect(assembler.finish('new')).toBe('')
  })

  test('a try that begins before anything was said is followed', () => {
    const assembler = createTextAssembler(1)
    expect(assembler.take({ attempt: 2, offset: 0, delta: 'new' })).toBe('new')
  })

  test('a further try waits for the whole answer once text was said', () => {
    const same = createTextAssembler(1)
    same.take({ attempt: 1, offset: 0, delta: 'Last week' })
    expect(same.take({ attempt: 2, offset: 0, delta: 'Last week used' })).toBe('')
    expect(same.finish('Last week used 84 kWh')).toBe(' used 84 kWh')

    const other = createTextAssembler(1)
    other.take({ attempt: 1, offset: 0, delta: 'Last week' })
    other.take({ attempt: 2, offset: 0, delta: 'You used' })
    expect(other.finish('You used 84 kWh')).toBe('\n\nYou used 84 kWh')
  })

  test('white space around the answer is no other answer', () => {
    const assembler = createTextAssembler(1)
    assembler.take({ attempt: 1, offset: 0, delta: 'Yes.\n' })
    expect(assembler.finish('Yes.')).toBe('')
  })
})
