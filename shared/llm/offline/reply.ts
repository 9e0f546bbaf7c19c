/** One tool call that the offline model makes. */
export interface OfflineCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

/** What the offline model answers: text, or tool calls. */
export type OfflineReply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'calls'; readonly calls: readonly OfflineCall[] }

/** An answer in words. */
export function say(text: string): OfflineReply {
  return { kind: 'text', text }
}

/** An answer that calls tools. */
export function callTools(...calls: readonly OfflineCall[]): OfflineReply {
  return { kind: 'calls', calls }
}
