import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { holdRequest } from '../../../shared/http/hold-request.ts'

const silent = createServer(() => {})
beforeAll(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  silent.closeAllConnections()
  silent.close()
})
setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('aborts an exchange that hangs, however much is collected meanwhile', async () => {
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`
  const caller = new AbortController()
  const ended = Promise.allSettled(
    Array.from({ length: 20 }, () =>
      fetch(holdRequest(url, { method: 'POST', body: '{}', signal: caller.signal })),
    ),
  )
  for (let i = 0; i < 10; i++) {
    await pause(20)
    collect()
  }
  caller.abort(new Error('enough'))
  const outcome = await Promise.race([ended, pause(3_000).then(() => 'still open')])
  expect(outcome).toEqual(Array.from({ length: 20 }, () => expect.objectContaining({ status: 'rejected' })))
})

it('is let go of with its signal, though that never aborted', async () => {
  const url = 'http://127.0.0.1/'
  const refs = Array.from(
    { length: 50 },
    () => new WeakRef(holdRequest(url, { signal: new AbortController().signal })),
  )
  for (let i = 0; i < 10; i++) {
    await pause(10)
    collect()
  }
  expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(5)
})
