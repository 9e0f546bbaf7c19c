import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { parseSync } from 'vite'

/** One import of a source file: another of our files by its path from the root, or a package as it is written. */
export interface Import {
  readonly from: string
  readonly to: string
  readonly ours: boolean
}

/** All imports, type-only and dynamic ones included, of the TypeScript sources under these folders. */
export function importsUnder(root: string, folders: readonly string[]): Import[] {
  return folders.flatMap((folder) => sourcesUnder(root, folder)).flatMap((file) => importsOf(root, file))
}

/** Our sources under a folder, as paths from the root. */
export function sourcesUnder(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !path.includes('node_modules/'))
    .toSorted()
}

function importsOf(root: string, file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8')
  const { module } = parseSync(file, source)
  const requests = [
    ...module.staticImports.map((each) => each.moduleRequest.value),
    ...module.staticExports.flatMap((each) =>
      each.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.flatMap((each) =>
      literal(source.slice(each.moduleRequest.start, each.moduleRequest.end)),
    ),
    // `import('./x.ts').Type` in a type position is no import of the module record
    ...[...source.matchAll(/\bimport\((['"])([^'"]+)\1\)/g)].map((match) => match[2] ?? ''),
  ]
  return [...new Set(requests)].map((to) =>
    to.startsWith('.')
      ? { from: file, to: normalize(join(dirname(file), to)), ours: true }
      : { from: file, to, ours: false },
  )
}

/** The text of a plain string literal; an import by a computed name is none that can be followed. */
function literal(text: string): string[] {
  const match = /^(['"])(.+)\1$/.exec(text)
  return match?.[2] ? [match[2]] : []
}
