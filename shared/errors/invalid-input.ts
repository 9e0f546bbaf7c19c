import { AetherError } from './aether-error.ts'

/** The part of a valibot issue that may leave the process: an issue also carries the input, which may not. */
interface Issue {
  readonly type: string
  readonly expected: string | null
  readonly path?: readonly { readonly key?: unknown }[] | undefined
}

/** Path of an issue as OpenAI writes it: `messages[0].role`. */
export function pathOf(issue: Issue, root = ''): string {
  let path = root
  for (const { key } of issue.path ?? [])
    path += typeof key === 'number' ? `[${key}]` : path ? `.${String(key)}` : String(key)
  return path
}

/** The first issue of a failed valibot check as INVALID_INPUT: path and what was expected, never the value. */
export function invalidInput(issues: readonly [Issue, ...Issue[]], root = ''): AetherError {
  const [first] = issues
  const param = pathOf(first, root)
  const reason = first.expected
    ? `must be ${first.expected}`
    : `is not valid (${first.type.replaceAll('_', ' ')})`
  return new AetherError('INVALID_INPUT', `${param || 'The body'} ${reason}.`, { details: { param } })
}
