import * as v from 'valibot'
import type { SandboxMetric } from '../../shared/sandbox/port.ts'

/** A file that the script left, as it stands in the end record; its content is not checked yet. */
export interface RawArtifact {
  readonly name: string
  /** Base64. */
  readonly data: string
}

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
  readonly metrics: readonly SandboxMetric[]
  readonly artifacts: readonly RawArtifact[]
  /** What the caps of the boot program left out. */
  readonly artifactsLeft: readonly { readonly name: string; readonly reason: string }[]
}

const READY = Buffer.from('AETHER READY ')
const REFUSED = Buffer.from('AETHER REFUSED ')
/** What runsc and the boot program may say before the script's turn. */
const PREAMBLE_BYTES = 300_000
/** The end record: a result of 256 KiB, 200 metrics of 2 KiB, 4 MiB of artifacts as base64. */
const RECORD_BYTES = 6_500_000

/** Of stderr the end is kept: a traceback stands there. */
const STDERR_TAIL_BYTES = 65_536
/** The helper nests no deeper; what reads results later goes down one call a level. */
const RESULT_DEPTH = 66

/** Collects one stream of a sandbox, never more than it must; `overflow` is set once the script wrote more than allowed. */
export interface StreamReader {
  push(chunk: Buffer): void
  /** Sets how many bytes of its own the script may write; before it begins. */
  limitTo(bytes: number): void
  readonly overflow: boolean
  readonly ended: boolean
  /** Something of the script has come: a byte of its own, or its end. */
  readonly wrote: boolean
  /** The script's own output: of stdout what came first within the limit, of stderr the last 64 KiB within it. */
  text(): string
}

/** Reads stdout: the script's bytes, then the nonce. */
export function createStdoutReader(most: number, nonce: string): StreamReader {
  let limit = most
  const mark = Buffer.from(nonce)
  const chunks: Buffer[] = []
  let size = 0
  let tail = Buffer.alloc(0)
  const reader = {
    overflow: false,
    ended: false,
    wrote: false,
    limitTo(bytes: number) {
      limit = bytes
    },
    push(chunk: Buffer) {
      if (reader.overflow || reader.ended) return
      reader.wrote = true
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
  /** The job has arrived whole, its files are in place, and the script begins. */
  readonly started: boolean
  /** The boot program found that this is not gVisor, and ran nothing. */
  readonly refused: boolean
  readonly record: EndRecord | null
}

/** Reads stderr: the ready line, the started line, the script's bytes, then the end record behind the nonce. */
export function createStderrReader(most: number, nonce: string): StderrReader {
  let limit = most
  const startedLine = Buffer.from(`${nonce} started\n`)
  const mark = Buffer.from(`\n${nonce} `)
  let before = Buffer.alloc(0)
  /** The end of the script's own bytes; the last few may be the beginning of the mark. */
  const own: Buffer[] = []
  let size = 0
  let kept = 0
  let tail = Buffer.alloc(0)
  const record: Buffer[] = []
  let recordSize = -1

  /** Waits for the ready line; gives what follows it. */
  const awaitReady = (chunk: Buffer): Buffer | null => {
    before = Buffer.concat([before, chunk])
    reader.refused = before.includes(REFUSED)
    const at = before.indexOf(READY)
    const line = at < 0 ? -1 : before.indexOf('\n', at)
    if (line < 0) {
      if (before.length > PREAMBLE_BYTES) reader.overflow = true
      return null
    }
    reader.ready = true
    const rest = before.subarray(line + 1)
    before = before.subarray(0, at)
    return rest
  }
  /** The started line comes right after the ready line, before the script can write; files that did not fit have none. */
  const awaitStarted = (chunk: Buffer): Buffer | null => {
    tail = Buffer.concat([tail, chunk])
    const common = Math.min(tail.length, startedLine.length)
    if (!tail.subarray(0, common).equals(startedLine.subarray(0, common))) return takeTail()
    if (common < startedLine.length) return null
    reader.started = true
    return takeTail().subarray(startedLine.length)
  }
  const takeTail = () => {
    const all = tail
    tail = Buffer.alloc(0)
    return all
  }
  const takeOwn = (chunk: Buffer) => {
    const seen = Buffer.concat([tail, chunk])
    const at = seen.indexOf(mark)
    const upTo = at < 0 ? Math.max(0, seen.length - mark.length + 1) : at
    own.push(seen.subarray(0, upTo))
    size += upTo
    kept += upTo
    while (own[0] !== undefined && kept - own[0].length >= STDERR_TAIL_BYTES) kept -= own.shift()?.length ?? 0
    tail = at < 0 ? seen.subarray(upTo) : Buffer.alloc(0)
    if (size > limit) reader.overflow = true
    if (at >= 0) {
      recordSize = 0
      takeRecord(seen.subarray(at + mark.length))
    }
  }
  const takeRecord = (chunk: Buffer) => {
    record.push(chunk)
    recordSize += chunk.length
    if (recordSize > RECORD_BYTES) reader.overflow = true
    else if (chunk.at(-1) === 10) {
      reader.record = parseRecord(Buffer.concat(record).toString())
      reader.ended = true
    }
  }
  let startSeen = false
  const reader = {
    overflow: false,
    ended: false,
    ready: false,
    started: false,
    refused: false,
    wrote: false,
    record: null as EndRecord | null,
    limitTo(bytes: number) {
      limit = bytes
    },
    push(chunk: Buffer) {
      if (reader.ended || (reader.overflow && recordSize < 0)) return
      let rest: Buffer | null = reader.ready ? chunk : awaitReady(chunk)
      if (rest === null || rest.length === 0) return
      if (!startSeen) {
        rest = awaitStarted(rest)
        if (rest === null) return
        startSeen = true
        if (rest.length === 0) return
      }
      reader.wrote = true
      if (recordSize < 0) takeOwn(rest)
      else takeRecord(rest)
    },
    text() {
      const all = reader.ready ? Buffer.concat(recordSize < 0 ? [...own, tail] : own) : before
      return lastText(all, Math.min(limit, STDERR_TAIL_BYTES))
    },
  }
  return reader
}

/** The last bytes as text, from the first whole character on. */
function lastText(bytes: Buffer, most: number): string {
  let from = Math.max(0, bytes.length - most)
  while (from > 0 && ((bytes[from] ?? 0) & 0xc0) === 0x80) from++
  return bytes.toString('utf8', from)
}

const Left = v.object({ name: v.string(), reason: v.pipe(v.string(), v.maxLength(100)) })
const Metric = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  value: v.nullable(v.pipe(v.number(), v.finite())),
  unit: v.pipe(v.string(), v.maxLength(16)),
  at: v.nullable(v.pipe(v.string(), v.maxLength(64))),
})
const Raw = v.object({ name: v.string(), data: v.string() })
const RecordSchema = v.object({
  v: v.literal(1),
  exit_code: v.pipe(v.number(), v.integer()),
  signal: v.nullable(v.pipe(v.string(), v.maxLength(20))),
  cpu_s: v.pipe(v.number(), v.minValue(0)),
  error_class: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  bad_report: v.boolean(),
  result: v.unknown(),
  metrics: v.array(v.unknown()),
  artifacts: v.pipe(v.array(Raw), v.maxLength(64)),
  artifacts_left: v.pipe(v.array(Left), v.maxLength(64)),
})

/**
 * The end record, or null when what follows the nonce is not one. A metric that is none, or a result too deep, makes the
 * report a bad one, for the script's process can write what it likes into the pipe.
 */
function parseRecord(text: string): EndRecord | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // A frame that does not parse is no frame: the run then counts as one without an end record.
    return null
  }
  const parsed = v.safeParse(RecordSchema, value)
  if (!parsed.success) return null
  const { output } = parsed
  const metrics = v.safeParse(v.pipe(v.array(Metric), v.maxLength(200)), output.metrics)
  const whole = metrics.success && !isDeeper(output.result, RESULT_DEPTH)
  return {
    exitCode: output.exit_code,
    signal: output.signal,
    cpuS: output.cpu_s,
    errorClass: output.error_class === null ? null : toErrorName(output.error_class),
    badReport: output.bad_report || !whole,
    result: whole ? (output.result ?? null) : null,
    metrics: metrics.success ? metrics.output : [],
    artifacts: output.artifacts,
    artifactsLeft: output.artifacts_left,
  }
}

/** A script can give its exception any name, and this one comes to be read in answers and prompts. */
function toErrorName(name: string): string {
  return /^[A-Za-z_][\w.]{0,99}$/.test(name) ? name : 'Exception'
}

/** Whether plain JSON has more levels of lists and objects than these; without a call a level. */
function isDeeper(value: unknown, most: number): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}
