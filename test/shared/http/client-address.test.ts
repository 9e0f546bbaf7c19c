import { expect, test } from 'vitest'
import { clientAddress } from '../../../shared/http/client-address.ts'

test.each([
  ['no proxy: the socket, whatever the header says', '192.0.2.7', '203.0.113.9', 0, '192.0.2.7'],
  ['IPv4 over an IPv6 socket', '::ffff:192.0.2.7', null, 0, '192.0.2.7'],
  ['IPv6', '2001:db8::1', null, 0, '2001:db8::1'],
  ['one proxy: the last entry', '127.0.0.1', '203.0.113.9', 1, '203.0.113.9'],
  [
    'what the client forged stands before it',
    '127.0.0.1',
    '10.0.0.1, 1.1.1.1, 203.0.113.9',
    1,
    '203.0.113.9',
  ],
  ['two proxies', '127.0.0.1', 'evil, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
  ['fewer entries than proxies: somebody came past them', '127.0.0.1', '203.0.113.9', 2, null],
  ['no header', '127.0.0.1', null, 1, null],
  ['no address', '127.0.0.1', 'unknown"\n', 1, null],
  ['too long', '127.0.0.1', 'a'.repeat(100), 1, null],
  ['no socket', null, null, 0, null],
])('%s', (_, socket, header, proxies, address) => {
  expect(clientAddress(socket, header, proxies)).toBe(address)
})
