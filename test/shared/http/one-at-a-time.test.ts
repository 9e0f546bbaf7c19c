import { expect, test } from 'vitest'
import { oneAtATime } from '../../../shared/http/one-at-a-time.ts'

test('whoever asks while the work is under way gets what comes of it; then it is done anew, also after a fault', async () => {
  const rounds: PromiseWithResolvers<number>[] = []
  const ask = oneAtATime(() => {
    const round = Promise.withResolvers<number>()
    rounds.push(round)
    return round.promise
  })
  const both = Promise.all([ask(), ask()])
  rounds[0]?.resolve(1)
  expect(await both).toEqual([1, 1])
  const failing = ask()
  rounds[1]?.reject(new Error('broken'))
  await expect(failing).rejects.toThrow('broken')
  const third = ask()
  rounds[2]?.resolve(3)
  expect(await third).toBe(3)
  expect(rounds).toHaveLength(3)
})
