/** A file that a script can read, its columns by position: no name of a home ever becomes source code but the file's. */
export interface TaskFile {
  readonly name: string
  readonly columns: readonly string[]
}

export interface ScriptTask {
  readonly files: readonly TaskFile[]
  /** Keys of the figures that are wanted. */
  readonly wants: readonly string[]
  /** UTC offsets of the home's zone over the window: from this epoch second on, seconds to add. */
  readonly offsets: readonly (readonly [number, number])[]
}
