import { dataFrame, eventFrame, sseResponse } from '../http/sse-writer.ts'

/** Our own callers read as they can and are bound by their deadline; a foreign one that reads nothing is cut. */
const PATIENT_MS = 300_000
const STALL_MS = 15_000

export interface StreamAnswer {
  /** The first event has been read already, so that an early fault is a plain error and not a stream. */
  readonly first: IteratorResult<unknown>
  readonly rest: AsyncIterator<unknown>
  /** Writes a late fault as the data of an `error` event. */
  toFault(thrown: unknown): unknown
  /** Aborted when the reader leaves; what waits for the next event has to look at it. */
  readonly left: AbortController
  readonly patient: boolean
  onEnd(): void
}

async function* frames(answer: StreamAnswer): AsyncGenerator<string, void, undefined> {
  let result = answer.first
  try {
    while (!result.done) {
      yield dataFrame(JSON.stringify(result.value))
      result = await answer.rest.next()
    }
  } catch (thrown) {
    yield eventFrame({ event: 'error', data: JSON.stringify(answer.toFault(thrown)) })
  }
}

/** A stream of events as server-sent events. A reader who leaves ends the tail, never the run behind it. */
export function streamAnswer(answer: StreamAnswer): Response {
  const { left, rest } = answer
  return sseResponse(frames(answer), {
    stallMs: answer.patient ? PATIENT_MS : STALL_MS,
    onEnd(how) {
      if (how !== 'done') {
        left.abort()
        // A tail that has not been asked yet does not wake up by the abort. Its end has no reader.
        rest.return?.()?.then(undefined, () => undefined)
      }
      answer.onEnd()
    },
  })
}
