import { HOUR_MS } from '../../../shared/analysis/constants.ts'
import { formatSpanHours } from '../../../shared/analysis/format.ts'
import { groupBy, sum } from '../../../shared/analysis/numeric.ts'
import { describeFlag } from '../../../shared/analysis/quality.ts'
import type { Flag } from '../../../shared/analysis/series/series.ts'
import type { DataNote } from '../../../shared/domain/home-data.ts'

/** A sentence about the data, and how many oddities it stands for. */
export interface Oddity {
  readonly text: string
  readonly count: number
}

/** From so many of a kind on they are counted, and the first stands for all. */
const MANY = 3

const PLURALS: Readonly<Partial<Record<DataNote['kind'], string>>> = {
  gap: 'gaps',
  duplicate: 'repeated rows',
  negative: 'negative values',
}

/** Notes of the source, those of which there are many counted and, where they have a length, added up. */
export function notesInShort(notes: readonly DataNote[]): Oddity[] {
  return [...groupBy(notes, ({ kind }) => kind)].flatMap(([kind, list]) => {
    const plural = PLURALS[kind]
    if (!plural || list.length < MANY) return list.map(({ text }) => ({ text, count: 1 }))
    const length = lengthOf(list.map(({ lengthMs = 0 }) => lengthMs))
    const text = `There are ${list.length} ${plural} in these days${length}. The first: ${list[0]?.text}`
    return [{ text, count: list.length }]
  })
}

/** Flags as sentences; many of one kind on one meter become one. `nameOf` tells what the flag's meter is called. */
export function flagsInShort(flags: readonly Flag[], nameOf: (flag: Flag) => string, zone: string): Oddity[] {
  return [...groupBy(flags, (flag) => `${flag.kind} ${nameOf(flag)}`).values()].flatMap((list) => {
    const said = [...new Set(list.map((flag) => describeFlag(flag, nameOf(flag), zone)))]
    const [first] = said
    if (first === undefined || said.length < MANY) return said.map((text) => ({ text, count: 1 }))
    const all =
      list[0]?.kind === 'gap'
        ? `There are ${said.length} such gaps${lengthOf(list.map(({ start, end }) => end - start))}.`
        : `The same was found ${said.length} times in these days.`
    return [{ text: `${first} ${all}`, count: said.length }]
  })
}

function lengthOf(lengths: readonly number[]): string {
  const total = sum(lengths)
  return total > 0 ? `, ${formatSpanHours(total / HOUR_MS)} in all` : ''
}
