import { AetherError } from './aether-error.ts'

/** The part of a valibot issue that may leave the process: an issue also carries the input, which may not. */
interface Issue {
  readonly type: string
  readonly expected: string | null
  /** The kind of what was received; of a text, the text itself. */
  readonly received: string
  readonly path?: readonly { readonly key?: unknown }[] | undefined
}

/** Path of an issue as OpenAI writes it: `messages[0].role`. */
function pathOf(issue: Issue, root = ''): string {
  let path = root
  for (const { key } of issue.path ?? [])
    path += typeof key === 'number' ? `[${key}]` : path ? `.${String(key)}` : String(key)
  return path
}

/**
 * The first issue of a failed valibot check as INVALID_INPUT: path and what was expected, never the value. `say` gives
 * the whole sentence where the schema's messages are our own; valibot's own ones hold the value.
 */
export function invalidInput<I extends Issue>(
  issues: readonly [I, ...I[]],
  root = '',
  say?: (issue: I) => string,
): AetherError {
  const [first] = issues
  const path = pathOf(first, root)
  const named = path || 'The body'
  const message = isMissing(first) ? `${named} is missing.` : (say?.(first) ?? `${named} ${reasonOf(first)}.`)
  return new AetherError('INVALID_INPUT', message, { details: path ? { param: path } : {} })
}

/** An object's schema reports a member that is not there by itself, with the member's name as what it expected. */
const isMissing = (issue: Issue) => issue.received === 'undefined' && issue.type.endsWith('object')

const reasonOf = (issue: Issue) =>
  issue.expected ? `must be ${issue.expected}` : `is not valid (${issue.type.replaceAll('_', ' ')})`
