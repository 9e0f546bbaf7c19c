import { expect, test, vi } from 'vitest'
import { aborted, pause } from '../../../shared/http/wait.ts'

test('an abort ends each wait, without an error, also one that came before', async () => {
  const leaving = new AbortController()
  const waits = [aborted(leaving.signal), pause(1e9, leaving.signal)]
  leaving.abort(new Error('gone'))
  await expect(Promise.all(waits)).resolves.toEqual([undefined, undefined])
  await expect(aborted(leaving.signal)).resolves.toBeUndefined()
  await expect(pause(1e9, leaving.signal)).resolves.toBeUndefined()
})

test('a pause lasts as long as it was asked for, and leaves no listener behind', async () => {
  vi.useFakeTimers()
  try {
    const { signal } = new AbortController()
    const removed = vi.spyOn(signal, 'removeEventListener')
    let over = false
    const wait = pause(1_000, signal).then(() => {
      over = true
    })
    await vi.advanceTimersByTimeAsync(999)
    expect(over).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await wait
    expect(removed).toHaveBeenCalledOnce()
  } finally {
    vi.useRealTimers()
  }
})
