import { findNumbers, type NumberInText } from '../../shared/analysis/prose/numbers.ts'
import { withoutLinks } from '../../shared/llm/plain-markdown.ts'

/** Lets a model's own text out while it comes. */
export interface Gate {
  /** What may go out now that this has come. */
  push(delta: string): string
  /** What was held back for want of a sentence's end. */
  end(): string
  /** True when a sentence was kept back for good. */
  readonly withheld: boolean
}

/** One line, or one sentence with the white space behind it. */
const SENTENCE = /^[\s\S]*?(?:\n|[.!?]["'”’)*_]*[^\S\n]+(?=\S))/

/**
 * Passes text on sentence by sentence, without those that state a measured figure (kWh, W, %, money, °C …) which none
 * of the sources holds: no analysis stands behind this text, so it may only repeat what was asked or read.
 */
export function createGate(sources: readonly string[]): Gate {
  let held = ''
  let withheld = false
  let known: readonly NumberInText[] | null = null

  function pass(sentence: string): string {
    const measured = findNumbers(sentence).filter(isMeasured)
    if (measured.length === 0) return withoutLinks(sentence)
    known ??= sources.flatMap(findNumbers)
    const all = known
    if (measured.every((number) => all.some((each) => isSame(number, each)))) return withoutLinks(sentence)
    withheld = true
    return sentence.endsWith('\n') ? '\n' : ''
  }

  return {
    push(delta) {
      held += delta
      let out = ''
      for (let match = SENTENCE.exec(held); match; match = SENTENCE.exec(held)) {
        out += pass(match[0])
        held = held.slice(match[0].length)
      }
      return out
    },
    end() {
      const rest = held
      held = ''
      return rest === '' ? '' : pass(rest)
    },
    get withheld() {
      return withheld
    },
  }
}

/** A bare number may count, number or date anything; a length of time is how people talk. */
function isMeasured({ kind }: NumberInText): boolean {
  return kind !== null && kind !== 'time' && kind !== 'count'
}

/** States come without their unit, so a source's bare number may stand behind a figure with one. */
function isSame(stated: NumberInText, source: NumberInText): boolean {
  const room = 0.5 * 10 ** -stated.decimals
  const near = (a: number, b: number, within: number) => Math.abs(Math.abs(a) - Math.abs(b)) <= within + 1e-9
  if (source.kind === null) return near(source.value, stated.value, room)
  return (
    source.kind === stated.kind &&
    near(source.value * source.factor, stated.value * stated.factor, room * stated.factor)
  )
}
