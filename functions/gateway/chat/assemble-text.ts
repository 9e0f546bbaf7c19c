/** Puts text together that comes by offset, partly twice, and perhaps from several tries of the same run. */
export interface TextAssembler {
  /** What of this piece has not been said yet. */
  take(piece: { attempt: number; offset: number; delta: string }): string
  /** What is missing at the end, given the whole answer. */
  finish(answer: string): string
}

/**
 * An assembler for one connection. `attempt` is the run's try at the time: text of earlier tries is not said. A later
 * try may word its answer otherwise, so once text was said it waits for the whole answer.
 */
export function createTextAssembler(attempt: number): TextAssembler {
  let said = ''
  let current = attempt
  return {
    take(piece) {
      if (piece.attempt < current) return ''
      if (piece.attempt > current) {
        if (said !== '') return ''
        current = piece.attempt
      }
      if (piece.offset > said.length) return ''
      const fresh = piece.delta.slice(said.length - piece.offset)
      said += fresh
      return fresh
    },
    finish(answer) {
      if (answer.startsWith(said)) return answer.slice(said.length)
      return said.trim() === answer.trim() ? '' : `\n\n${answer}`
    },
  }
}
