import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepWhole } from '../../../../infrastructure/node/postgres/keeper.ts'
import type { Session } from '../../../../infrastructure/node/postgres/session.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function session(
  name: string,
  whole: () => boolean = () => true,
): Session & { name: string; closed: boolean } {
  const made = {
    name,
    closed: false,
    beServer: async () => true,
    isWhole: async () => whole(),
    isLast: async () => true,
    close: async () => {
      made.closed = true
    },
  }
  return made
}

test('a session that is whole is left alone', async () => {
  const first = session('first')
  let opened = 0
  const keeper = keepWhole(first, { again: async () => session(`${++opened}`), onRestart: () => {} })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(opened).toBe(0)
  expect(await keeper.stop()).toBe(first)
})

test('one that is not is opened again, until that succeeds, and each is said once', async () => {
  let whole = true
  const first = session('first', () => whole)
  const second = session('second')
  let tries = 0
  const said: string[] = []
  const keeper = keepWhole(first, {
    again: async () => {
      if (++tries < 4) throw new Error('not yet')
      return second
    },
    onRestart: (message, error) => said.push(`${message}${error === undefined ? '' : ` (${String(error)})`}`),
  })
  whole = false
  await vi.advanceTimersByTimeAsync(10_000)
  expect(tries).toBe(4)
  expect(said).toEqual([
    'the embedded Postgres has gone and does not come back yet (Error: not yet)',
    'the embedded Postgres had gone and is back',
  ])
  expect([first.closed, second.closed]).toEqual([true, false])
  expect(await keeper.stop()).toBe(second)
})

test('after the stop nothing is opened any more', async () => {
  const first = session('first', () => false)
  let opened = 0
  const keeper = keepWhole(first, { again: async () => session(`${++opened}`), onRestart: () => {} })
  expect(await keeper.stop()).toBe(first)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(opened).toBe(0)
})

test('a helper that ends soon watches nothing', async () => {
  const first = session('first', () => false)
  const keeper = keepWhole(first, { again: async () => session('again'), onRestart: null })
  expect(vi.getTimerCount()).toBe(0)
  expect(await keeper.stop()).toBe(first)
})
