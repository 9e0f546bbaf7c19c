export interface SignalOptions {
  /** Closes everything in good order. */
  readonly stop: () => Promise<void>
  /** Ends what would outlive us, without waiting. */
  readonly abandon: () => void
  readonly say: (line: string) => void
  /** True where a parent tells its user that it stops. */
  readonly quiet?: boolean
  readonly now: () => number
}

/** `make` passes on a SIGTERM that its process group has had already: signals this close are one. */
const ONE_PRESS_MS = 250

/**
 * Ends the process in good order on SIGINT, SIGTERM or SIGHUP, with code 0; at once on a second one, with code 1. An
 * error that nobody caught is said, and ends the process in good order with code 1.
 */
export function endOnSignals(options: SignalOptions): void {
  const { stop, abandon, say, now, quiet = false } = options
  let since: number | null = null
  const end = async (code: number) => {
    since = now()
    try {
      await stop()
      process.exit(code)
    } catch (error) {
      say(`Stopping failed: ${String(error)}`)
      abandon()
      process.exit(1)
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (since === null) {
        if (!quiet) say('Stopping: running answers get up to 10 s. Again to stop at once.')
        void end(0)
      } else if (now() - since > ONE_PRESS_MS) {
        abandon()
        process.exit(1)
      }
    })
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(kind, (error: unknown) => {
      say(`Unexpected error: ${error instanceof Error ? error.stack : String(error)}`)
      if (since === null) void end(1)
    })
}
