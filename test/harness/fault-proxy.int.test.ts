import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { startFaultProxy } from './fault-proxy.ts'

/** A server that says who it is, behind a proxy. */
async function arrange(names: readonly string[] = ['one']) {
  const ports = await Promise.all(
    names.map(async (name) => {
      const server = createServer((_, response) => response.end(name))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void server.close())
      const address = server.address()
      return typeof address === 'object' && address ? address.port : 0
    }),
  )
  const proxy = await startFaultProxy(ports)
  onTestFinished(() => proxy.close())
  const ask = async () => (await fetch(proxy.url, { headers: { connection: 'close' } })).text()
  return { proxy, ask }
}

/** What has come of it after a moment. */
const soon = (work: Promise<string>) =>
  Promise.race([
    work.catch(() => 'broken'),
    new Promise((resolve) => setTimeout(() => resolve('nothing'), 100)),
  ])

test('without a fault it balances', async () => {
  const { ask } = await arrange(['one', 'two'])
  expect([await ask(), await ask(), await ask()]).toEqual(['one', 'two', 'one'])
})

test('refused connections are reset, and the next is let through again', async () => {
  const { proxy, ask } = await arrange()
  proxy.set('refused')
  expect(await soon(ask())).toBe('broken')
  proxy.set('none')
  expect(await ask()).toBe('one')
})

test.each(['silent', 'held'] as const)(
  'a link that is %s says nothing until it is whole, or cut',
  async (fault) => {
    const { proxy, ask } = await arrange()
    proxy.set(fault)
    const waiting = ask()
    expect(await soon(waiting)).toBe('nothing')
    proxy.set('none')
    expect(await waiting).toBe('one')

    proxy.set(fault)
    const lost = ask()
    expect(await soon(lost)).toBe('nothing')
    proxy.cut()
    await expect(lost).rejects.toThrow()
  },
)
