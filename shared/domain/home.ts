/** What everybody may know about a home before reading its data. Instants are UTC ISO 8601. */
export interface HomeInfo {
  readonly id: string
  readonly name: string
  /** Where the data comes from; the answer says so. */
  readonly source: 'demo' | 'file' | 'home_assistant'
  readonly timeZone: string
  /** ISO 4217 code, or null: then no cost is said. */
  readonly currency: string | null
  /** The home's present: the clock, or the end of a file's data. */
  readonly now: string
  /** First and last instant for which the main meters have data. */
  readonly dataStart: string
  readonly dataEnd: string
  /** True where states, history and logbook are those of now, however far the meters reach. */
  readonly live?: boolean
  /** What a reader of an answer should know about this source, as whole sentences. */
  readonly notes: readonly string[]
}
