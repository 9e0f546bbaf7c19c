import * as v from 'valibot'
import { expect, test } from 'vitest'
import { invalidInput } from '../../../shared/errors/invalid-input.ts'

const schema = v.object({
  list: v.array(v.object({ name: v.string('name must be a text.') })),
  n: v.number(),
})

function fault(input: unknown, root = '', own = false) {
  const { issues } = v.safeParse(schema, input)
  if (!issues) throw new Error('accepted')
  return invalidInput(issues, root, own ? (issue) => issue.message : undefined)
}

test('path and what was expected, never the value', () => {
  const error = fault({ list: [{ name: 'a' }, { name: 'b' }], n: 'secret' })
  expect(error).toMatchObject({
    code: 'INVALID_INPUT',
    message: 'n must be number.',
    details: { param: 'n' },
  })
})

test('a path begins at its root', () => {
  expect(fault({ list: [{ name: 5 }], n: 1 }, 'params').details.param).toBe('params.list[0].name')
})

test('what is missing is said to be missing, by its path', () => {
  expect(fault({ list: [{}], n: 1 }).message).toBe('list[0].name is missing.')
})

test('the body itself has no path', () => {
  expect(fault('secret').message).toBe('The body must be Object.')
  expect(fault('secret').details.param).toBeUndefined()
})

test("a schema's own sentences stand where it has them", () => {
  expect(fault({ list: [{ name: 5 }], n: 1 }, '', true).message).toBe('name must be a text.')
})
