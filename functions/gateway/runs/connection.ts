import type { StreamEnd } from '../../../shared/http/sse-writer.ts'
import { markCut } from '../../../shared/storage/runs/mark-cut.ts'
import type { GatewayContext } from '../deps.ts'

/** A connection that waits for a run: leaving it ends the reading, never the run. */
export interface Connection {
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal
  /** Passes frames on and notes when the last one was handed out: leaving after that is no cut. */
  watch(frames: AsyncIterable<string>): AsyncGenerator<string>
  onEnd(how: StreamEnd): void
}

/** Watches one connection; one that is cut before its end is noted with the run, so that the same request attaches. */
export function watchConnection(
  runId: string,
  ctx: Pick<GatewayContext, 'db' | 'now' | 'log' | 'waitUntil'>,
): Connection {
  const gone = new AbortController()
  let delivered = false
  return {
    signal: gone.signal,
    async *watch(frames) {
      for await (const frame of frames) {
        // Set before the frame is out: the reader may leave as soon as it has it.
        delivered = frame.endsWith('data: [DONE]\n\n')
        yield frame
      }
    },
    onEnd(how) {
      gone.abort()
      if (how === 'done' || delivered) return
      const mark = markCut(ctx.db, { runId, at: new Date(ctx.now()) })
      ctx.waitUntil(mark.catch((error) => ctx.log.warn('cut not noted', { run_id: runId, error })))
    },
  }
}
