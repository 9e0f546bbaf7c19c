import { describe, expect, it } from 'vitest'
import { preloadFor } from '../../../infrastructure/gvisor/run-script.ts'

describe('preloadFor', () => {
  it('imports what the script names before its time begins, and nothing for one that needs neither', () => {
    expect(preloadFor('import pandas as pd')).toEqual(['numpy', 'pandas'])
    expect(preloadFor('from numpy.linalg import norm')).toEqual(['numpy', 'pandas'])
    expect(preloadFor('import json\nmy_pandas_like = 1')).toEqual([])
  })
})
