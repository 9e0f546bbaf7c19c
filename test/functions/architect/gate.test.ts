import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGate } from '../../../functions/architect/gate.ts'

function through(text: string, sources: readonly string[] = [], size = 3): string {
  const gate = createGate(sources)
  let out = ''
  for (let at = 0; at < text.length; at += size) out += gate.push(text.slice(at, at + size))
  return out + gate.end()
}

describe('the gate', () => {
  it.each([
    ['Hello there. You used 84.2 kWh. Anything else?', 'Hello there. Anything else?'],
    ['It cost 12 EUR', ''],
    ['- one\n- 40 % of it\n- three', '- one\n\n- three'],
    ['I can look at the last 7 days, or at 3 devices.', 'I can look at the last 7 days, or at 3 devices.'],
  ])('lets no measured figure out that nothing stands behind: %s', (text, out) => {
    expect(through(text)).toBe(out)
  })

  it('lets out what was asked or read, states without their unit too', () => {
    expect(through('Set to 40 %.', ['dim it to 40 %'])).toBe('Set to 40 %.')
    expect(through('It is 21.5 °C.', ['{"state":"21.5","unit":"°C"}'])).toBe('It is 21.5 °C.')
    expect(through('It is 22.5 °C.', ['{"state":"21.5","unit":"°C"}'])).toBe('')
  })

  it('streams by sentence, and tells when it kept something', () => {
    const gate = createGate([])
    expect(gate.push('One. Two is')).toBe('One. ')
    expect(gate.push(' 5 kWh. Three.')).toBe('')
    expect([gate.end(), gate.withheld]).toEqual(['Three.', true])
  })

  it('changes nothing about text without figures or links, however it is cut', () => {
    const plain = fc.string().filter((text) => !/[\d!\]<]/.test(text))
    fc.assert(
      fc.property(plain, fc.integer({ min: 1, max: 9 }), (text, size) => {
        expect(through(text, [], size)).toBe(text)
      }),
    )
  })
})
