import { describe, expect, test } from 'vitest'
import { addressIn, isPublicAddress, type PushRules, readTarget } from '../../../../shared/a2a/push/target.ts'

const listed: PushRules = {
  origins: ['https://hooks.example.com', 'https://hooks.example.com:8443'],
  anywhere: false,
}
const open: PushRules = { origins: null, anywhere: false }
const reasonFor = (url: string, rules: PushRules) => {
  try {
    readTarget(url, rules)
    return null
  } catch (thrown) {
    return (thrown as Error).message
  }
}

test('what is on the list may be a target, whatever its path', () => {
  for (const url of [
    'https://hooks.example.com',
    'https://hooks.example.com/a/b?c=d',
    'https://HOOKS.example.com:443/x',
    'https://hooks.example.com:8443/x',
  ])
    expect(reasonFor(url, listed)).toBeNull()
})

test.each([
  'https://example.com/x',
  'https://hooks.example.com.evil.example/x',
  'https://hooks.example.com./x',
  'https://hooks.example.com:444/x',
  'https://evil.example/?https://hooks.example.com',
  'https://evil.example#@hooks.example.com',
  'https://hooks.example.com@evil.example/',
  'https://user:password@hooks.example.com/',
  'https://hooks.example.com%2eevil.example/',
  'https://hooks。example。com.evil/',
  'http://hooks.example.com/x',
  'ftp://hooks.example.com/x',
  'file:///etc/passwd',
  'data:text/plain,x',
  'javascript:alert(1)',
  'gopher://hooks.example.com/',
  '//hooks.example.com/x',
  'hooks.example.com',
  '',
  `https://hooks.example.com/${'x'.repeat(3_000)}`,
])('%s is no target', (url) => {
  expect(reasonFor(url, listed)).not.toBeNull()
})

describe('an address instead of a name', () => {
  // Every way to write 127.0.0.1, 169.254.169.254 and the like that the parser of URLs takes.
  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://017700000001/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://2852039166/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://192.0.2.1/',
    'https://198.18.0.1/',
    'https://203.0.113.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::1]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[ff02::1]/',
    'https://[2001:db8::1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[3fff::1]/',
    'https://[100::1]/',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
  ])('%s is not a public one', (url) => {
    expect(reasonFor(url, open)).toBe('url must have a public address.')
  })

  test('a public one is taken where any target is', () => {
    for (const url of [
      'https://1.1.1.1/',
      'https://[2606:4700::1111]/',
      'https://100.63.0.1/',
      'https://172.32.0.1/',
    ])
      expect(reasonFor(url, open)).toBeNull()
  })
})

test('what is no address is not a public one', () => {
  for (const text of ['', 'localhost', '1.2.3', '1.2.3.256', '::g', '1.2.3.4.5', 'fe80::1%eth0'])
    expect(isPublicAddress(text)).toBe(false)
})

test('names are not taken for addresses', () => {
  expect(addressIn(new URL('https://hooks.example.com/'))).toBeNull()
  expect(addressIn(new URL('https://0x7f.1/'))).toBe('127.0.0.1')
  expect(addressIn(new URL('https://[::1]/'))).toBe('::1')
})
