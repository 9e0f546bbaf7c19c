import { dataFrame, eventFrame, sseResponse } from '../http/sse-writer.ts'

/** Our own callers read as they can and are bound by their deadline; a foreign one that reads nothing is cut. */
const PATIENT_MS = 300_000
const STALL_MS = 15_000

export interface StreamAnswer<T> {
  /** Payloads in order, each time as many as have come. */
  readonly batches: AsyncGenerator<readonly T[], void, undefined>
  /** One payload as the data of an event. */
  encode(payload: T): string
  /** A late fault as the data of an `error` event. */
  encodeFault(thrown: unknown): string
  /** Aborted when the reader leaves; what waits for the next event has to look at it. */
  readonly left: AbortController
  readonly patient: boolean
  onEnd(): void
}

async function* frames<T>(answer: StreamAnswer<T>): AsyncGenerator<string, void, undefined> {
  try {
    for await (const batch of answer.batches) {
      let text = ''
      for (const payload of batch) text += dataFrame(answer.encode(payload))
      yield text
    }
  } catch (thrown) {
    yield eventFrame({ event: 'error', data: answer.encodeFault(thrown) })
  }
}

/** A stream of payloads as server-sent events. A reader who leaves ends the tail, never the run behind it. */
export function streamAnswer<T>(answer: StreamAnswer<T>): Response {
  const { left, batches } = answer
  return sseResponse(frames(answer), {
    stallMs: answer.patient ? PATIENT_MS : STALL_MS,
    onEnd(how) {
      if (how !== 'done') {
        left.abort()
        // A tail that has not been asked yet does not wake up by the abort. Its end has no reader.
        batches.return().then(undefined, () => undefined)
      }
      answer.onEnd()
    },
  })
}
