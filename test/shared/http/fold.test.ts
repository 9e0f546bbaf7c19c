import { expect, test } from 'vitest'
import { createFold } from '../../../shared/http/fold.ts'

test('the first values stay, later ones are other', () => {
  const fold = createFold(2)
  expect(['a', 'b', 'c', 'a', 'd'].map(fold)).toEqual(['a', 'b', 'other', 'a', 'other'])
})

test('a value is one short line', () => {
  expect(createFold(1)(`x\n${'y'.repeat(100)}`)).toBe(`x${'y'.repeat(63)}`)
})
