import { instantOf, weekday } from './calendar.ts'
import { createDraw, remember } from './random.ts'

/** The two who live in the demo home. `userId` is what their actions carry in the logbook. */
export const PEOPLE = [
  { key: 'anna', name: 'Anna', userId: '5d1f0c2e8a6b4f7d9c3e1a2b4c6d8e0f' },
  { key: 'ben', name: 'Ben', userId: '9a7b5c3d1e2f4a6b8c0d2e4f6a8b0c1d' },
] as const
export type PersonKey = (typeof PEOPLE)[number]['key']

/** A span in epoch ms during which something holds. */
export interface Interval {
  readonly start: number
  readonly end: number
}

export interface People {
  /** When a person is away on a local day. */
  away(person: PersonKey, day: number): readonly Interval[]
  /** True on a working day that Anna spends at her desk at home. */
  worksAtHome(day: number): boolean
}

/** True on Monday to Friday. */
export function isWorkday(day: number): boolean {
  return weekday(day) <= 5
}

/** Makes the comings and goings of a seed. */
export function createPeople(seed: number): People {
  const desk = createDraw(seed, 'people.desk')
  const worksAtHome = (day: number) => isWorkday(day) && desk(day) < 0.35
  const track = (key: PersonKey, leave: number, back: number) => {
    const draw = createDraw(seed, `people.${key}`)
    return remember((day): readonly Interval[] => {
      if (isWorkday(day)) {
        if (key === 'anna' && worksAtHome(day)) return []
        const from = leave + Math.round(30 * draw(day, 1)) - 15
        const to = back + Math.round(80 * draw(day, 2)) - 40
        return [{ start: instantOf(day, from), end: instantOf(day, to) }]
      }
      if (draw(day, 3) > 0.6) return []
      const from = 600 + Math.round(60 * draw(day, 4))
      return [{ start: instantOf(day, from), end: instantOf(day, from + 70 + Math.round(90 * draw(day, 5))) }]
    }, 64)
  }
  const tracks = { anna: track('anna', 475, 1050), ben: track('ben', 500, 1035) }
  return { away: (person, day) => tracks[person](day), worksAtHome }
}
