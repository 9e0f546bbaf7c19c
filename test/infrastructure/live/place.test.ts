import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ensurePiece } from '../../../infrastructure/live/place.mjs'

let live: string
beforeEach(() => {
  live = mkdtempSync(join(tmpdir(), 'aether-test-'))
})
afterEach(() => rmSync(live, { recursive: true }))

/** Builds a piece of one file; `result` is what the build gives. */
const building = (text: string, result: string | null = null) => ({
  pins: 'a',
  async build(folder: string) {
    writeFileSync(join(folder, 'file'), text)
    return result
  },
})
const folderOf = (made: { folder: string } | { reason: string }) => ('folder' in made ? made.folder : '')
const textIn = (made: { folder: string } | { reason: string }) =>
  readFileSync(join(folderOf(made), 'file'), 'utf8')

it('builds once, and anew for other pins', async () => {
  const first = await ensurePiece(live, 'thing', building('one'))
  expect(textIn(first)).toBe('one')
  const again = await ensurePiece(live, 'thing', building('two'))
  expect(again).toEqual(first)
  expect(textIn(again)).toBe('one')
  const other = await ensurePiece(live, 'thing', { ...building('three'), pins: 'b' })
  expect(other).not.toEqual(first)
  expect(textIn(other)).toBe('three')
})

it('builds anew what was interrupted', async () => {
  const interrupted = {
    pins: 'a',
    async build(folder: string) {
      writeFileSync(join(folder, 'half'), '')
      throw new Error('killed')
    },
  }
  await expect(ensurePiece(live, 'thing', interrupted)).rejects.toThrow('killed')
  const made = await ensurePiece(live, 'thing', building('whole'))
  expect(textIn(made)).toBe('whole')
  expect(existsSync(join(folderOf(made), 'half'))).toBe(false)
})

it('leaves nothing of what failed, and says why', async () => {
  expect(await ensurePiece(live, 'thing', building('bad', 'no network'))).toEqual({ reason: 'no network' })
  const made = await ensurePiece(live, 'thing', building('good'))
  expect(textIn(made)).toBe('good')
})
