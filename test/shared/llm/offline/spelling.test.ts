import { describe, expect, it } from 'vitest'
import { mendSpelling } from '../../../../shared/llm/offline/spelling.ts'

describe('mendSpelling', () => {
  it.each([
    ['how much did i use yestarday', 'how much did i use yesterday'],
    ['my elecricity on wendsday', 'my electricity on wednesday'],
    ['Cmopare the weeknd with Tuesady', 'compare the weekend with tuesday'],
    ['energy last weeek, and lsat month', 'energy last week, and last month'],
    ['the use tody and in the past monthh', 'the use today and in the past month'],
    ['which devcie is unavialable', 'which device is unavailable'],
  ])('mends %s', (text, mended) => expect(mendSpelling(text)).toBe(mended))

  it.each([
    'Compares and comparing, weekendly, devices, charged, company, summary, stationary, mundane, string',
    'Which lights are on in the night, and is Augustus home?',
    "turn on Anna's lamp",
    'The least weak moth sat at last by the mouth; a list of todays, weeks and months, lest we weep.',
  ])('leaves alone: %s', (text) => expect(mendSpelling(text)).toBe(text))
})
