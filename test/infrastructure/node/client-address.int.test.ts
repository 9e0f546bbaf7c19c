import { expect, test } from 'vitest'
import { wholeProcess } from '../../harness/whole-process.ts'

test.each([
  [undefined, '127.0.0.1'],
  ['0', '127.0.0.1'],
  ['1', '203.0.113.9'],
  ['2', '198.51.100.4'],
])('with TRUSTED_PROXIES=%s a request comes from %s', async (proxies, client) => {
  const aether = await wholeProcess({
    RUNSC_PATH: '/nowhere/runsc',
    ...(proxies === undefined ? {} : { TRUSTED_PROXIES: proxies }),
  })
  try {
    const forwarded = { 'x-forwarded-for': '1.1.1.1, 198.51.100.4, 203.0.113.9' }
    await aether.fetch('/api/v1/models', { headers: { ...forwarded, authorization: 'Bearer wrong' } })
    const line = aether.logs().find(({ message }) => message === 'request')
    expect(line).toMatchObject({ status: 401, client })
  } finally {
    await aether.stop()
  }
})
