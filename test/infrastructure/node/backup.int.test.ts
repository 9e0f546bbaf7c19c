import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../harness/chat.ts'
import { install } from '../../harness/installation.ts'
import type { Program } from '../../harness/program.ts'

const end = async (program: Program) => [(await program.ended).code, program.output()] as const

test('a backup taken under a running server comes back in another folder, with its conversations', async () => {
  const place = await install()
  const server = await place.start()
  const headers = { authorization: `Bearer ${place.variable('API_KEY')}` }
  const client = {
    fetch: (path: string, init: RequestInit = {}) =>
      fetch(`${server.url}${path}`, { ...init, headers: { ...headers, ...init.headers } }),
  }
  const { runId } = await ask(client, 'Which lights are on?')
  const run = await (await client.fetch(`/api/v1/runs/${runId}`)).json()

  const [code, said] = await end(place.run('backup'))
  expect([code, said]).toEqual([0, expect.stringMatching(/aether-2\S+\.backup holds \d+ rows of \d+ tables/)])
  const [file = ''] = readdirSync(place.root).filter((name) => name.endsWith('.backup'))
  expect(await end(place.run('restore', [`--file=${file}`]))).toEqual([
    1,
    expect.stringMatching(/^Another Aether is running/),
  ])
  server.child.kill('SIGTERM')
  await server.ended
  expect(await end(place.run('restore', [`--file=${file}`]))).toEqual([
    1,
    expect.stringMatching(/^The database is not empty/),
  ])

  const fresh = { DATA_DIR: join(place.root, 'fresh') }
  expect(await end(place.run('restore', [`--file=${file}`], fresh))).toEqual([
    0,
    expect.stringMatching(/^\d+ rows of 20\S+Z \(Aether \d\S+\) are back\.\n$/),
  ])
  const again = await place.start(fresh)
  const answer = await fetch(`${again.url}/api/v1/runs/${runId}`, { headers })
  expect(await answer.json()).toEqual(run)
  again.child.kill('SIGTERM')
  await again.ended
})

test('without a database, a file or a use of words it is one line, and nothing is made', async () => {
  const place = await install()
  expect(await end(place.run('backup'))).toEqual([
    1,
    expect.stringMatching(/^There is no database in \S+ yet\.\n$/),
  ])
  expect(await end(place.run('restore'))).toEqual([1, expect.stringMatching(/^Usage: make restore FILE=/)])
  expect(await end(place.run('restore', ['--file=none.backup']))).toEqual([
    1,
    expect.stringMatching(/^There is no file /),
  ])
  expect(await end(place.run('backup', ['--nope']))).toEqual([
    1,
    expect.stringMatching(/^Usage: make backup/),
  ])
  expect(readdirSync(place.dataDir)).toEqual([])
})
