/** What a fake Home Assistant does wrong, on command. Types are message types, or REST paths. */
export interface Faults {
  /** Answers nothing to these. */
  readonly silent: Set<string>
  /** Answers these with text that is no JSON. */
  readonly garbled: Set<string>
  /** Closes the connection in the middle of the answer to these. */
  readonly cut: Set<string>
  /** Answers these with 20 MB. */
  readonly huge: Set<string>
  /** Does not know these, as an older release. */
  readonly unknown: Set<string>
  /** Answers a REST path with 500. */
  readonly broken: Set<string>
  /** Lets nobody in: 401 over REST, `auth_invalid` over the WebSocket. */
  refuseToken: boolean
  /** The token is not an administrator's. */
  plainUser: boolean
  /** Waits so long before each answer. */
  delayMs: number
}

export function noFaults(): Faults {
  return {
    silent: new Set(),
    garbled: new Set(),
    cut: new Set(),
    huge: new Set(),
    unknown: new Set(),
    broken: new Set(),
    refuseToken: false,
    plainUser: false,
    delayMs: 0,
  }
}

/** The answers of the WebSocket that hold 20 MB. */
export function huge(id: number): string {
  return JSON.stringify({ id, type: 'result', success: true, result: 'x'.repeat(20_000_000) })
}
