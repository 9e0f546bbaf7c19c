import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canRead, canWalkTo } from '../../../../infrastructure/node/postgres/reach.ts'
import { tempFolder } from '../../../harness/temp-folder.ts'

const stranger = { uid: 54_321, gid: 54_321 }
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

test('a folder is reached when every folder above it lets its user pass', () => {
  const folder = tempFolder()
  const deep = join(folder, 'a/b')
  mkdirSync(deep, { recursive: true })
  for (const path of [join(folder, 'a'), deep]) chmodSync(path, 0o711)
  expect(canWalkTo(deep, stranger)).toBe(true)
  chmodSync(join(folder, 'a'), 0o700)
  expect(canWalkTo(deep, stranger)).toBe(false)
  expect(canWalkTo(deep, owner)).toBe(true)
})

test("the owner's bits decide for the owner, the group's for its group, the rest for others", () => {
  const file = join(tempFolder(), 'file')
  writeFileSync(file, '')
  chmodSync(file, 0o004)
  expect(canRead(file, stranger)).toBe(true)
  expect(canRead(file, owner)).toBe(false)
  chmodSync(file, 0o040)
  expect(canRead(file, { ...stranger, gid: owner.gid })).toBe(true)
  expect(canRead(file, stranger)).toBe(false)
})
