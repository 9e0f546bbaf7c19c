import type { Span } from '../../domain/home-data.ts'
import { linkStateOf } from './fault.ts'

const LEAST_MS = 3_600_000

/** Reads a span in one go; where the answer is too large for one message, in halves, down to an hour. */
export async function readInHalves<T>(span: Span, read: (part: Span) => Promise<T>): Promise<T[]> {
  try {
    return [await read(span)]
  } catch (error) {
    if (linkStateOf(error) !== 'too_large' || span.end - span.start <= LEAST_MS) throw error
    const middle = Math.round((span.start + span.end) / 2)
    const first = await readInHalves({ start: span.start, end: middle }, read)
    return [...first, ...(await readInHalves({ start: middle, end: span.end }, read))]
  }
}
