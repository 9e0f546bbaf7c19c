import { expect, test } from 'vitest'
import { createClosers } from '../../../infrastructure/node/closers.ts'

test('what was opened last is closed first, once, and a fault keeps nothing open', async () => {
  const closers = createClosers()
  const closed: string[] = []
  closers.add('one', async () => closed.push('one'))
  closers.add('two', async () => {
    throw new Error('stuck')
  })
  closers.add('three', async () => closed.push('three'))
  const faults: string[] = []
  const close = () => closers.closeAll((name, error) => faults.push(`${name}: ${String(error)}`))
  await close()
  await close()
  expect(closed).toEqual(['three', 'one'])
  expect(faults).toEqual(['two: Error: stuck'])
})
