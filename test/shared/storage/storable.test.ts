import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storableJson, storableText } from '../../../shared/storage/storable.ts'

test('NUL and halves of surrogate pairs are replaced, everything else stays', () => {
  expect(storableText('a\u0000b\ud800c😀')).toBe('a\ufffdb\ufffdc😀')
  expect(storableJson({ 'k\u0000': ['v\udc00', 1, null, true, { deep: '\u0000' }] })).toEqual({
    'k\ufffd': ['v\ufffd', 1, null, true, { deep: '\ufffd' }],
  })
})

test('well-formed JSON passes unchanged', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary-ascii' }), (value) => {
      fc.pre(!JSON.stringify(value).includes('\\u0000'))
      expect(storableJson(value)).toEqual(value)
    }),
  )
})
