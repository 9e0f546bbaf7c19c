import { expect, test } from 'vitest'
import { addressesOf } from '../../../../shared/home/home_assistant/address.ts'

test.each([
  ['http://ha.local:8123', ['http://ha.local:8123']],
  ['http://ha.local:8123/', ['http://ha.local:8123']],
  ['https://ha.example', ['https://ha.example']],
  ['http://ha.local:8123/api/', ['http://ha.local:8123']],
  ['http://ha.local:8123/api/websocket', ['http://ha.local:8123']],
  ['https://host/ha/', ['https://host/ha', 'https://host']],
  ['http://ha.local:8123/lovelace/0?edit=1#x', ['http://ha.local:8123/lovelace/0', 'http://ha.local:8123']],
  ['http://[::1]:8123', ['http://[::1]:8123']],
])('%s', (written, expected) => {
  const found = addressesOf(written)
  expect(found.map((each) => each.http)).toEqual(expected)
  for (const { http, webSocket } of found)
    expect(webSocket).toBe(`${http.replace('http', 'ws')}/api/websocket`)
})
