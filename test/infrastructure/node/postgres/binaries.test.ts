import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reachableBinaries } from '../../../../infrastructure/node/postgres/binaries.ts'
import { tempFolder } from '../../../harness/temp-folder.ts'

const stranger = { uid: 54_321, gid: 54_321 }

/** A package as npm leaves it: files, a list of links, no links. */
function packageIn(folder: string) {
  const native = join(folder, 'package/native')
  for (const part of ['bin', 'lib', 'share']) mkdirSync(join(native, part), { recursive: true })
  for (const program of ['bin/postgres', 'bin/initdb', 'lib/libx.so.1.2'])
    writeFileSync(join(native, program), program, { mode: 0o755 })
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links))
  return { folder: native, version: '18.4.0-x', major: 18 }
}

test('the links between the libraries are made where they are missing, and once', () => {
  const folder = tempFolder()
  const found = packageIn(folder)
  expect(reachableBinaries(found, null, folder)).toEqual(found)
  expect(reachableBinaries(found, null, folder)).toEqual(found)
  expect(lstatSync(join(found.folder, 'lib/libx.so.1')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(found.folder, 'lib/libx.so.1'), 'utf8')).toBe('lib/libx.so.1.2')
})

test('binaries that their user can reach stay in place', () => {
  const folder = tempFolder()
  const found = packageIn(folder)
  expect(reachableBinaries(found, stranger, join(folder, 'spare'))).toEqual(found)
})

test('binaries behind a closed folder are copied, complete and open to all', () => {
  const folder = tempFolder()
  const found = packageIn(folder)
  chmodSync(join(found.folder, 'bin/postgres'), 0o700)
  chmodSync(join(folder, 'package'), 0o700)
  const spare = join(folder, 'spare')
  mkdirSync(spare)
  const copy = reachableBinaries(found, stranger, spare)
  expect(copy.folder).toBe(join(spare, 'postgres-bin-18.4.0-x'))
  expect(statSync(join(copy.folder, 'bin/postgres')).mode & 0o777).toBe(0o755)
  expect(readFileSync(join(copy.folder, 'lib/libx.so.1'), 'utf8')).toBe('lib/libx.so.1.2')
  expect(reachableBinaries(found, stranger, spare)).toEqual(copy)
  expect(existsSync(`${copy.folder}.${process.pid}`)).toBe(false)
})
