import { expect, it } from 'vitest'
import { plainName } from '../../../../shared/llm/offline/wording.ts'

it('takes emphasis out of a name and leaves an id whole', () => {
  expect(plainName('_Guest_ **lamp**')).toBe('Guest lamp')
  expect(plainName('turn on: light.garage_ceiling')).toBe('turn on: light.garage_ceiling')
})
