import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sentencesOf } from '../../../../shared/analysis/prose/sentences.ts'

const split = (line: string) => sentencesOf(line).map(({ start, end }) => line.slice(start, end))

it('splits after full stops, not at decimals, abbreviations or ellipses within', () => {
  expect(split('You used 84.2 kWh. It cost approx. 29.48 EUR! And now? Yes.')).toEqual([
    'You used 84.2 kWh. ',
    'It cost approx. 29.48 EUR! ',
    'And now? ',
    'Yes.',
  ])
  expect(split('On 17 Nov. 2026 it rained.')).toHaveLength(1)
  expect(split('**Bold.** Next.')).toEqual(['**Bold.** ', 'Next.'])
  expect(split('')).toEqual([])
})

it('loses nothing', () => {
  fc.assert(
    fc.property(fc.string(), (line) => {
      expect(split(line).join('')).toBe(line)
    }),
  )
})
