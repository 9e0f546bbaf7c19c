import { expect, test } from 'vitest'
import { meansOf, worseThan } from './gate.ts'

const scores = (numbers: number | null) => ({
  numbers_true: numbers === null ? null : { value: numbers, why: '' },
  provenance: null,
  routing: { value: 1, why: '' },
  safety: { value: 1, why: '' },
  answered: { value: 1, why: '' },
  depth: { value: 1, why: '' },
})

test('means are over the samples that a scorer had something to say about', () => {
  const means = meansOf([
    { scores: scores(1), tokens: 100, seconds: 1 },
    { scores: scores(0.5), tokens: 300, seconds: 3 },
    { scores: scores(null), tokens: 200, seconds: 2 },
  ])
  expect(means).toMatchObject({ samples: 3, tokens: 200, seconds: 2 })
  expect(means.scores.numbers_true).toBe(0.75)
  expect(means.scores.provenance).toBeUndefined()
})

test('the gate closes for a score that fell, one that is gone, and a dearer answer; not for a slower one', () => {
  const recorded = meansOf([{ scores: scores(1), tokens: 100, seconds: 1 }])
  const now = (numbers: number | null, tokens = 100) =>
    meansOf([{ scores: scores(numbers), tokens, seconds: 100 }])
  expect(worseThan(now(1), recorded)).toEqual([])
  expect(worseThan(now(0.99), recorded)).toEqual([])
  expect(worseThan(now(0.9), recorded)).toEqual(['numbers_true fell from 1.000 to 0.900'])
  expect(worseThan(now(null), recorded)).toEqual(['numbers_true is not measured any more'])
  expect(worseThan(now(1, 130), recorded)).toEqual(['an answer takes 130 tokens, 100 before'])
})
