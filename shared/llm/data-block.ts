/** A message as far as blocks are concerned. */
export interface BlockMessage {
  readonly role: string
  readonly content: string
}

/** Characters that could close a block, or hide text from a reader: they travel as JSON escapes. */
const UNSAFE = /[<>&\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

const escapeUnsafe = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * Data for a prompt: JSON between two lines that carry the kind and a nonce made for this request. The JSON holds no
 * angle bracket, so nothing inside can look like the end of the block or the start of another one.
 */
export function dataBlock(kind: string, value: unknown, nonce: string): string {
  const json = (JSON.stringify(value) ?? 'null').replace(UNSAFE, escapeUnsafe)
  return `<data kind="${kind}" nonce="${nonce}">\n${json}\n</data nonce="${nonce}">`
}

const BLOCK = /<data kind="([a-z_]+)" nonce="([A-Za-z0-9_-]+)">\n([^\n]*)\n<\/data nonce="\2">/g

/** Text of the user's own, with whatever looks like a block made harmless. */
export function withoutBlocks(text: string): string {
  return text.replace(/<(\/?data\b)/gi, '‹$1')
}

/** The value of the last whole block of a kind in messages of these roles; null when there is none. */
export function readDataBlock(
  messages: readonly BlockMessage[],
  kind: string,
  roles: readonly string[] = ['system', 'user', 'tool'],
): unknown | null {
  for (const message of messages.toReversed()) {
    if (!roles.includes(message.role)) continue
    const blocks = [...message.content.matchAll(BLOCK)].filter((match) => match[1] === kind)
    const json = blocks.at(-1)?.[3]
    if (json === undefined) continue
    try {
      return JSON.parse(json)
    } catch {
      // A block that is no JSON was not written by dataBlock: look further back.
    }
  }
  return null
}
