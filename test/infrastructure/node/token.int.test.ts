import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyServiceToken } from '../../../shared/http/service-token.ts'
import { install } from '../../harness/installation.ts'

test('a first start of it makes the secrets, and prints a token alone on its last line', async () => {
  const place = await install()
  const program = place.run('token', ['--audience=sandbox_runner'])
  expect(await program.ended).toEqual({ code: 0, signal: null })
  const token = program.output().trimEnd().split('\n').at(-1) ?? ''
  expect(program.output()).toBe(`${token}\n`)
  const secret = place.variable('SERVICE_SECRET')
  expect(place.variable('API_KEY')).not.toBe('')
  const claims = await verifyServiceToken(token, { secret, audience: 'sandbox_runner', now: Date.now })
  expect(claims.scopes).toEqual(['a2a'])
  expect(claims.expiresAt * 1_000 - Date.now()).toBeLessThanOrEqual(300_000)
  await expect(verifyServiceToken(token, { secret, audience: 'architect', now: Date.now })).rejects.toThrow()
})

test.each([
  ['--audience=', /^Usage: make -s token AUDIENCE=sandbox_runner/],
  ['--audience=hunter2', /^There is no such service\. Usage: .*ds_analysts/],
  ['--audience=gateway', /takes API keys/],
  ['--nope', /^Usage:/],
])('%s is one line on what to do, and nothing is written', async (argument, message) => {
  const place = await install()
  const program = place.run('token', [argument])
  expect(await program.ended).toEqual({ code: 1, signal: null })
  expect(program.output()).toMatch(message)
  expect(program.output()).not.toContain('hunter2')
  expect(program.output().trimEnd()).not.toContain('\n')
  expect(existsSync(join(place.root, '.env'))).toBe(false)
})

test('the token opens the runner and an agent’s A2A to curl, each its own alone', async () => {
  const place = await install()
  for (const [service, path, body] of [
    ['sandbox_runner', '/status', null],
    [
      'architect',
      '/rpc',
      { jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: '00000000-0000-4000-8000-000000000000' } },
    ],
  ] as const) {
    const { url } = await place.start({ AETHER_SERVICE: service }, 'service')
    const statusFor = async (audience: string) => {
      const program = place.run('token', [`--audience=${audience}`])
      await program.ended
      const response = await fetch(`${url}${path}`, {
        method: body === null ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${program.output().trim()}`,
          'content-type': 'application/json',
          'a2a-version': '1.0',
        },
        body: body === null ? null : JSON.stringify(body),
      })
      await response.text()
      return response.status
    }
    expect(await statusFor(service)).toBe(200)
    expect(await statusFor('ds_analysts')).toBe(401)
  }
})
