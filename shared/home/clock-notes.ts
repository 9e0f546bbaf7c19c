import type { DataNote, Span } from '../domain/home-data.ts'
import { sayDay } from '../domain/time/say.ts'
import { addDays, localParts, startOfLocalDay } from '../domain/time/zone.ts'

const HOUR = 3_600_000

/** One note for each local day of the span that has not 24 hours. */
export function clockNotes(span: Span, zone: string): readonly DataNote[] {
  const notes: DataNote[] = []
  for (let date = localParts(span.start, zone).date; ; date = addDays(date, 1)) {
    const start = startOfLocalDay(date, zone)
    if (start >= span.end) return notes
    const hours = (startOfLocalDay(addDays(date, 1), zone) - start) / HOUR
    if (hours === 24 || hours <= 0) continue
    const text = `On ${sayDay(start, zone)} the clocks changed, so that day has ${hours} hours.`
    notes.push({ kind: 'clock_change', text, at: start })
  }
}
