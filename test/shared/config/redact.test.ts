import { expect, test } from 'vitest'
import { redactForms } from '../../../shared/config/redact.ts'

test.each([
  ['Authorization: Bearer abc.DEF-123_x', 'Authorization: Bearer [redacted]'],
  ['basic dXNlcjpwYXNz', 'basic [redacted]'],
  ['it was eyJhbGciOiJI.eyJzdWIiOiJ4.c2lnbmF0dXJl, and', 'it was [redacted], and'],
  ['Incorrect API key provided: sk-proj-0123456789abcdef.', 'Incorrect API key provided: [redacted].'],
  ['postgres://aether:pa%40ss@db:5432/x', 'postgres://[redacted]@db:5432/x'],
  ['GET /x?a=1&api_key=abc&token=def HTTP/1.1', 'GET /x?a=1&api_key=[redacted]&token=[redacted] HTTP/1.1'],
])('%s', (text, shown) => {
  expect(redactForms(text)).toBe(shown)
})

test.each([
  'the bearer of bad news',
  'http://homeassistant.local:8123/api/states',
  'a basic consumption of 205 W, the Basic charge',
  'run_01abc completed in 12 ms',
  '{"route":"/api/v1/runs/:id","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}',
])('leaves alone: %s', (text) => {
  expect(redactForms(text)).toBe(text)
})
