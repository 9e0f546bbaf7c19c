import type { LogbookEntry } from '../../domain/home-data.ts'
import { type Act, actsWithin } from './acts.ts'
import { localDay } from './calendar.ts'
import { type Interval, PEOPLE } from './people.ts'
import type { Reader } from './reader.ts'
import type { Routine } from './routines.ts'
import type { Thing } from './thing.ts'

interface Cause {
  readonly contextUserId: string | null
  readonly contextEventType: 'automation_triggered' | null
  readonly contextEntityId: string | null
}

const NOBODY: Cause = { contextUserId: null, contextEventType: null, contextEntityId: null }

function causeOf(actor: Act['actor']): Cause {
  if (actor === 'hand') return NOBODY
  const person = PEOPLE.find((one) => one.key === actor)
  if (person !== undefined) return { ...NOBODY, contextUserId: person.userId }
  return { ...NOBODY, contextEventType: 'automation_triggered', contextEntityId: actor }
}

function trackEntries(thing: Thing, span: Interval, reader: Reader): readonly LogbookEntry[] {
  if (thing.simulation.kind !== 'track') return []
  const actors = new Map(
    actsWithin(thing.simulation.track, span.start, span.end).map((act) => [act.at, act.actor]),
  )
  return reader
    .changes(thing, span)
    .filter((change) => change.at >= span.start && change.state !== 'unavailable')
    .map((change) => ({
      at: change.at,
      entityId: thing.entity.id,
      name: thing.entity.name,
      state: change.state,
      message: null,
      ...causeOf(actors.get(change.at) ?? 'hand'),
    }))
}

function routineEntries(routine: Routine, span: Interval): readonly LogbookEntry[] {
  const entries: LogbookEntry[] = []
  for (let day = localDay(span.start) - 1; day <= localDay(span.end); day++)
    for (const run of routine.runs(day))
      if (run.at >= span.start && run.at < span.end)
        entries.push({
          at: run.at,
          entityId: routine.entityId,
          name: routine.alias,
          state: null,
          message: `triggered by ${run.trigger}`,
          ...NOBODY,
        })
  return entries
}

/**
 * What happened within a span: changes of everything that is on or off, open or closed, here or away, with who caused
 * them, and the runs of automations (a message, no state). Sensors with a unit are not in a logbook.
 */
export function readLogbook(
  span: Interval,
  deps: { things: Iterable<Thing>; routines: readonly Routine[]; reader: Reader },
): readonly LogbookEntry[] {
  const entries: LogbookEntry[] = []
  for (const thing of deps.things) entries.push(...trackEntries(thing, span, deps.reader))
  for (const routine of deps.routines) entries.push(...routineEntries(routine, span))
  return entries.sort((a, b) => a.at - b.at)
}
