import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withLock } from '../../../infrastructure/setup/lock.mjs'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aether-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const quiet = { say: () => undefined, timeoutMs: 10_000 }

it('lets one work after the other, says that it waits, and leaves nothing behind', async () => {
  const path = join(folder, 'sub', 'lock')
  const said: string[] = []
  const events: string[] = []
  const work = (name: string) =>
    withLock(path, { say: (line) => said.push(line), timeoutMs: 10_000 }, async () => {
      events.push(`${name} in`)
      await new Promise((resolve) => setTimeout(resolve, 300))
      events.push(`${name} out`)
    })
  await Promise.all([work('a'), work('b')])
  expect(events).toHaveLength(4)
  expect(events[0]?.[0]).toBe(events[1]?.[0])
  expect(said).toEqual(['another setup is at work; waiting for it'])
  expect(await readdir(join(folder, 'sub'))).toEqual([])
})

it('takes over from a process that is gone, also when its id is used again, and does not say that it waits', async () => {
  const path = join(folder, 'lock')
  const said: string[] = []
  const quiet = { say: (line: string) => void said.push(line), timeoutMs: 10_000 }
  const child = spawn('true')
  await once(child, 'exit')
  await writeFile(path, `${child.pid} 12345`)
  expect(await withLock(path, quiet, async () => 1)).toBe(1)
  await writeFile(path, `${process.pid} 1`)
  expect(await withLock(path, quiet, async () => 2)).toBe(2)
  expect(said).toEqual([])
})

it('frees the lock when the work throws, and gives up after a while on one that stays', async () => {
  const path = join(folder, 'lock')
  await expect(
    withLock(path, quiet, async () => {
      throw new Error('inner')
    }),
  ).rejects.toThrow('inner')
  await withLock(path, quiet, async () => {
    await expect(withLock(path, { ...quiet, timeoutMs: 10 }, async () => 1)).rejects.toThrow('another setup')
  })
})
