import { expect, test } from 'vitest'
import { READY_MS, waitUntilReady } from '../../../infrastructure/podman/wait.ts'

const SERVICES = ['gateway', 'architect'].map((name) => ({ name, url: `http://${name}` }))

test('waits until each has said once that it is ready', async () => {
  const asked: string[] = []
  await waitUntilReady(SERVICES, {
    fetch: async (url) => {
      asked.push(url)
      if (url.includes('architect') && asked.length < 3) throw new Error('refused')
      return { ok: true }
    },
    say: () => {},
    now: () => 0,
  })
  expect(asked).toEqual(['http://gateway/ready', 'http://architect/ready', 'http://architect/ready'])
})

test('names who is not ready in time', async () => {
  let now = 0
  const said: string[] = []
  const waiting = waitUntilReady(SERVICES, {
    fetch: async (url) => ({ ok: url.includes('gateway') }),
    say: (line) => said.push(line),
    now: () => {
      now += READY_MS / 4
      return now
    },
  })
  await expect(waiting).rejects.toThrow('Not ready after 180 s: architect. make logs shows why.')
  expect(said).toContain('waiting for architect')
})
