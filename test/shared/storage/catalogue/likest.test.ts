import { expect, test } from 'vitest'
import { likestWord } from '../../../../shared/storage/catalogue/likest.ts'

const WORDS = ['light', 'lift', 'kitchen', 'temperature', 'bathroom', 'bedroom', 'office', 'on']

test.each([
  ['lihgt', 'light'],
  ['ligt', 'light'],
  ['kichen', 'kitchen'],
  ['temprature', 'temperature'],
  ['badroom', 'bedroom'],
  ['ofice', 'office'],
  ['om', null],
  ['zebra', null],
  ['garage', null],
])('%s stands for %s', (asked, wanted) => {
  expect(likestWord(asked, WORDS)).toBe(wanted)
})

test('of several the nearest is taken', () => {
  expect(likestWord('bathrooms', ['bedrooms', 'bathroom'])).toBe('bathroom')
})
