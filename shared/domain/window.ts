/**
 * A span of time that a number speaks about: `start` inclusive and `end` exclusive as UTC instants (ISO 8601 with
 * `Z`), and the IANA zone in which its days and hours are cut.
 */
export interface TimeWindow {
  readonly start: string
  readonly end: string
  readonly timeZone: string
}

/** Length of a window in hours of elapsed time: a day on which clocks go back has 25. */
export function windowHours(window: TimeWindow): number {
  return (Date.parse(window.end) - Date.parse(window.start)) / 3_600_000
}
