import { expect, test } from 'vitest'
import { withoutLinks } from '../../../shared/llm/plain-markdown.ts'

test.each([
  ['![x](https://evil.test/?q=1)', '[x] (https://evil.test/?q=1)'],
  ['[here](https://evil.test)', '[here] (https://evil.test)'],
  ['<img src="x"> <SCRIPT>a</SCRIPT>', '‹img src="x"> ‹SCRIPT>a‹/SCRIPT>'],
  ['a < b, **bold**, - [ ] list, `code`', 'a < b, **bold**, - [ ] list, `code`'],
])('%s', (text, plain) => {
  expect(withoutLinks(text)).toBe(plain)
})
