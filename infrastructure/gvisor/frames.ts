/** What the boot program says of the script's end; every value but the frame itself stems from the sandbox. */
export interface EndRecord {
  readonly exitCode: number
  /** Name of the signal that ended the script, such as `SIGXCPU`. */
  readonly signal: string | null
  readonly cpuS: number
  readonly errorClass: string | null
  /** The script wrote something else than a report into the report's pipe. */
  readonly badReport: boolean
  readonly result: unknown
}

const READY = Buffer.from('AETHER READY ')
const REFUSED = Buffer.from('AETHER REFUSED ')
/** Room for the end record beyond the script's own stderr: a result of 256 KiB and its frame. */
const RECORD_BYTES = 300_000

/** Collects one stream of a sandbox, never more than it must; `overflow` is set once the script wrote more than allowed. */
export interface StreamReader {
  push(chunk: Buffer): void
  readonly overflow: boolean
  readonly ended: boolean
  /** The script's own output, cut at the limit. */
  text(): string
}

/** Reads stdout: the script's bytes, then the nonce. */
export function createStdoutReader(limit: number, nonce: string): StreamReader {
  const mark = Buffer.from(nonce)
  const chunks: Buffer[] = []
  let size = 0
  let tail = Buffer.alloc(0)
  const reader = {
    overflow: false,
    ended: false,
    push(chunk: Buffer) {
      if (reader.overflow || reader.ended) return
      chunks.push(chunk)
      size += chunk.length
      tail = Buffer.concat([tail, chunk]).subarray(-mark.length)
      reader.ended = tail.equals(mark)
      const own = reader.ended ? size - mark.length : size
      // Before its end is known, the last bytes may be a part of the mark.
      reader.overflow = own > limit + (reader.ended ? 0 : mark.length)
    },
    text() {
      const all = Buffer.concat(chunks)
      const own = reader.ended ? all.length - mark.length : all.length
      return all.toString('utf8', 0, Math.min(own, limit))
    },
  }
  return reader
}

export interface StderrReader extends StreamReader {
  /** The boot program is in gVisor, its imports are done, and the job is awaited. */
  readonly ready: boolean
  /** The boot program found that this is not gVisor, and ran nothing. */
  readonly refused: boolean
  readonly record: EndRecord | null
}

/** Reads stderr: the ready line, the script's bytes, then the end record behind the nonce. */
export function createStderrReader(limit: number, nonce: string): StderrReader {
  const mark = Buffer.from(`\n${nonce} `)
  let before = Buffer.alloc(0)
  const chunks: Buffer[] = []
  let size = 0
  let own = Buffer.alloc(0)
  const start = (chunk: Buffer): Buffer | null => {
    before = Buffer.concat([before, chunk])
    reader.refused = before.includes(REFUSED)
    const at = before.indexOf(READY)
    const line = at < 0 ? -1 : before.indexOf('\n', at)
    if (line < 0) {
      if (before.length > RECORD_BYTES) reader.overflow = true
      return null
    }
    reader.ready = true
    const rest = before.subarray(line + 1)
    before = before.subarray(0, at)
    return rest
  }
  const finish = () => {
    const all = Buffer.concat(chunks)
    const at = all.lastIndexOf(mark)
    if (at < 0) return
    own = all.subarray(0, at)
    reader.record = parseRecord(all.toString('utf8', at + mark.length))
    reader.ended = true
    reader.overflow = own.length > limit
  }
  const reader = {
    overflow: false,
    ended: false,
    ready: false,
    refused: false,
    record: null as EndRecord | null,
    push(chunk: Buffer) {
      if (reader.overflow || reader.ended) return
      const rest = reader.ready ? chunk : start(chunk)
      if (rest === null || rest.length === 0) return
      chunks.push(rest)
      size += rest.length
      if (rest.at(-1) === 10) finish()
      if (!reader.ended && size > limit + RECORD_BYTES) reader.overflow = true
    },
    text() {
      const all = reader.ended ? own : reader.ready ? Buffer.concat(chunks) : before
      return all.toString('utf8', 0, Math.min(all.length, limit))
    },
  }
  return reader
}

/** The end record, or null when what follows the nonce is not one. */
function parseRecord(text: string): EndRecord | null {
  try {
    const value: Record<string, unknown> = JSON.parse(text)
    if (value.v !== 1 || typeof value.exit_code !== 'number') return null
    return {
      exitCode: value.exit_code,
      signal: typeof value.signal === 'string' ? value.signal : null,
      cpuS: typeof value.cpu_s === 'number' ? value.cpu_s : 0,
      errorClass: typeof value.error_class === 'string' ? value.error_class : null,
      badReport: value.bad_report === true,
      result: value.result ?? null,
    }
  } catch {
    // A frame that does not parse is no frame: the run then counts as one without an end record.
    return null
  }
}
