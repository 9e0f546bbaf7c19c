import { expect, test } from 'vitest'
import { createReaders } from '../../../shared/a2a/readers.ts'
import { result, scriptedAgent } from './scripted-agent.ts'

const ref = { owner: 'o', id: 't' }

function setup() {
  const cancelled: string[] = []
  const readers = createReaders(
    {
      requestCancel: async (of, by) => {
        cancelled.push(`${of.id} ${by}`)
        return true
      },
    },
    5,
  )
  const enter = (cancelOnLeave: boolean) => {
    const left = new AbortController()
    const leave = readers.enter(ref, { cancelOnLeave, left: left.signal })
    return {
      goAway: () => {
        left.abort()
        return leave()
      },
      readOn: leave,
    }
  }
  return { cancelled, enter }
}

test('a caller of ours that goes away cancels, one that read to the end does not', async () => {
  const { cancelled, enter } = setup()
  await enter(true).readOn()
  expect(cancelled).toEqual([])
  await enter(true).goAway()
  expect(cancelled).toEqual(['t left'])
})

test('a foreign reader that goes away cancels nothing', async () => {
  const { cancelled, enter } = setup()
  await enter(false).goAway()
  expect(cancelled).toEqual([])
})

test('while somebody else reads, nothing is cancelled', async () => {
  const { cancelled, enter } = setup()
  const [first, second, foreign] = [enter(true), enter(true), enter(false)]
  await first.goAway()
  await foreign.goAway()
  expect(cancelled).toEqual([])
  await second.goAway()
  expect(cancelled).toEqual(['t left'])
})

test('a caller that goes away before it has read a byte cancels too', async () => {
  let aborted = false
  const agent = scriptedAgent(async function* (_input, call) {
    call.signal.addEventListener('abort', () => {
      aborted = true
    })
    await new Promise(() => {})
    yield result('never')
  })
  const response = await agent.app.request('/message:stream', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await agent.token()}`,
      'content-type': 'application/json',
      'aether-cancel-on-disconnect': '1',
    },
    body: JSON.stringify({ message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'x' }] } }),
  })
  await response.body?.cancel()
  await agent.idle()
  expect(aborted).toBe(true)
})
