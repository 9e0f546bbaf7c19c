import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { importsUnder } from '../../../infrastructure/check/imports.ts'

const root = mkdtempSync(join(tmpdir(), 'aether-imports-'))
afterAll(() => rmSync(root, { recursive: true }))

it('sees imports of every kind, those of types alone too', () => {
  mkdirSync(join(root, 'src/deep'), { recursive: true })
  writeFileSync(
    join(root, 'src/deep/a.ts'),
    [
      "import type { A } from '../type.ts'",
      "import { b, type C } from './value.ts'",
      "export * from '../all.ts'",
      "export type { D } from '../exported.ts'",
      "const e = await import('../dynamic.ts')",
      "let f: import('../inline.ts').F",
      "import { readFileSync } from 'node:fs'",
    ].join('\n'),
  )
  const imports = importsUnder(root, ['src'])
  expect(imports.filter((each) => each.ours).map((each) => each.to)).toEqual([
    'src/type.ts',
    'src/deep/value.ts',
    'src/all.ts',
    'src/exported.ts',
    'src/dynamic.ts',
    'src/inline.ts',
  ])
  expect(imports.filter((each) => !each.ours).map((each) => each.to)).toEqual(['node:fs'])
})
