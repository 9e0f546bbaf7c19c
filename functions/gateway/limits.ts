/** Bounds of the gateway; milliseconds where not said otherwise. */
export interface GatewayLimits {
  /** Runs of one key at work at once. */
  readonly concurrentRuns: number
  /** Wall time of one turn (TURN_TIMEOUT_S). */
  readonly turnMs: number
  /** Wall time of a background task. */
  readonly utilityMs: number
  readonly leaseMs: number
  /** A run says at least this often that it is alive, and so hears that it was cancelled elsewhere. */
  readonly beatMs: number
  readonly sweepMs: number
  /** A run that lost its process is failed after this many tries or this age. */
  readonly maxAttempts: number
  readonly maxAgeMs: number
  /**
   * A run whose team was lost waits so long before it tries again, and four times as long before each further try: in the
   * end longer than the breaker before an agent stays open.
   */
  readonly againMs: number
  /** An answer to a request waits this long for the database. */
  readonly storageMs: number
  /** How long the provider's model list may hold up a request's headers. */
  readonly resolveMs: number
  /** How long the status waits for a key to be looked up. */
  readonly statusKeyMs: number
  /** One look at a dependency, and how long its result is kept. */
  readonly probeMs: number
  readonly probeKeptMs: number
  /** Followers of runs that another process carries out look this often. */
  readonly pollMs: number
  /** Items that may wait for a slow reader. */
  readonly queueLimit: number
}

export const DEFAULT_LIMITS: GatewayLimits = {
  concurrentRuns: 10,
  turnMs: 300_000,
  utilityMs: 60_000,
  // With a sweep every 3 s a run that lost its process is taken up within 15 s.
  leaseMs: 12_000,
  beatMs: 4_000,
  sweepMs: 3_000,
  maxAttempts: 3,
  maxAgeMs: 15 * 60_000,
  againMs: 1_500,
  storageMs: 2_000,
  resolveMs: 1_500,
  statusKeyMs: 500,
  probeMs: 1_500,
  probeKeptMs: 3_000,
  pollMs: 500,
  queueLimit: 1_000,
}
