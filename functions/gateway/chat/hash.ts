import { sha256Hex } from '../../../shared/config/digest.ts'
import { withoutThinking } from './clean-text.ts'

/** Where a chain of message hashes of an owner begins. */
export function chainStart(owner: string): string {
  return `owner:${owner}`
}

/**
 * The hash over all messages up to and including this one, given the hash before it. Surrounding white space and
 * echoed thinking do not count, since clients change them. System messages are left out by the callers: voice clients
 * write the time of day into theirs.
 */
export async function chainHash(
  before: string,
  role: 'user' | 'assistant',
  content: string,
): Promise<string> {
  return sha256Hex(`${before}\n${role}\n${withoutThinking(content).trim()}`)
}

/** The hash of a request's body: equal for equal JSON, whatever the order of its keys. */
export async function bodyHash(body: unknown): Promise<string> {
  return sha256Hex(JSON.stringify(body, sortedKeys))
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
