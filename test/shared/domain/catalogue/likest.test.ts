import { expect, test } from 'vitest'
import { likestWord } from '../../../../shared/domain/catalogue/likest.ts'

const WORDS = ['light', 'lift', 'kitchen', 'temperature', 'bathroom', 'bedroom', 'office', 'on']

test.each([
  ['lihgt', 'light'],
  ['ligt', 'light'],
  ['kichen', 'kitchen'],
  ['temprature', 'temperature'],
  ['badroom', 'bedroom'],
  ['ofice', 'office'],
  ['night', null],
  ['om', null],
  ['zebra', null],
  ['garage', null],
])('%s stands for %s', (asked, wanted) => {
  expect(likestWord(asked, WORDS)).toBe(wanted)
})

test('of several the nearest is taken', () => {
  expect(likestWord('bathrooms', ['bedrooms', 'bathroom'])).toBe('bathroom')
})

test('a long list is looked through, and equally near ones go by its order', () => {
  const many = Array.from({ length: 9_000 }, (_, i) => `thing${i}`)
  expect(likestWord('dishwaser', [...many, 'dishwasher'])).toBe('dishwasher')
  expect(likestWord('lamb', ['lamp', 'lama'])).toBe('lamp')
})
