import { expect, test } from 'vitest'
import { verdictOf } from './kit.ts'

const FAULT =
  'FAILED tests/compatibility/core_operations/test_transport_behavior.py::TestRestStreaming::test_streaming_content_type - httpx.ResponseNotRead: Attempted'
const OTHER =
  'FAILED tests/compatibility/core_operations/test_artifacts.py::TestArtifacts::test_text - assert 1 == 2'
const verdict = (lines: string[], code = 1, streaming = false) => verdictOf(code, lines.join('\n'), streaming)

test('a run without failures passes by its closing line', () => {
  const found = verdict(['...', '177 passed, 88 skipped in 68.13s', ''], 0, true)
  expect(found).toMatchObject({ passed: true, closing: '177 passed, 88 skipped in 68.13s', note: null })
})

test("the kit's own fault is passed over, and said, where the agent does not stream", () => {
  const found = verdict([FAULT, '1 failed, 138 passed in 2s'])
  expect(found.passed).toBe(true)
  expect(found.note).toContain('test_streaming_content_type')
})

test.each<[string, string[], number, boolean]>([
  ['where it streams', [FAULT, '1 failed, 138 passed in 2s'], 1, true],
  ['beside another failure', [FAULT, OTHER, '2 failed, 137 passed in 2s'], 1, false],
  ['beside an error', [FAULT, 'ERROR tests/x.py::y - boom', '1 failed, 137 passed, 1 error in 2s'], 1, false],
  [
    'for another reason',
    [FAULT.replace(/ - .*/, ' - AssertionError'), '1 failed, 138 passed in 2s'],
    1,
    false,
  ],
  ['when pytest was interrupted', [FAULT, '1 failed, 138 passed in 2s'], 2, false],
])('it counts %s', (_name, lines, code, streaming) => {
  expect(verdict(lines, code, streaming)).toMatchObject({ passed: false, note: null })
})

test('a run that skipped everything has not passed', () => {
  expect(verdict(['265 skipped in 1s'], 0).passed).toBe(false)
})
