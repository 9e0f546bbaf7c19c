import type { Now } from '../domain/ids.ts'
import { REDACTED, redactForms } from './redact.ts'
import { reveal, type Secret } from './secret.ts'

export type LogFields = Readonly<Record<string, unknown>>

/** Writes one JSON line a call. An Error among the fields is written with its code, message, stack and cause. */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** The same log with fields that every line carries. */
  child(fields: LogFields): Log
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LogOptions {
  /** Takes one line without its line end; it must not throw and not wait. */
  write(line: string): void
  readonly level: LogLevel
  readonly service: string
  readonly now: Now
  /** Texts that no line may hold, wherever they come from. Those under 8 characters are left alone. */
  readonly secrets: readonly (Secret | string)[]
}

const HIDDEN_KEY =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|api[-_]?key|token|password|secret|ha_?token)$/i
const CAUSES = 4

/** The text of an error as a log may hold it: a failed query's names the values, which are what people said. */
function withoutValues(error: Error, text: string): string {
  return 'query' in error && 'params' in error
    ? text.replace(error.message, () => `Failed query: ${String(error.query)}`)
    : text
}

function plainError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack = '' } = error
  const out: Record<string, unknown> = {
    name,
    message: withoutValues(error, message),
    stack: withoutValues(error, stack),
  }
  if ('code' in error) out.code = error.code
  if (error.cause !== undefined && depth < CAUSES)
    out.cause = error.cause instanceof Error ? plainError(error.cause, depth + 1) : String(error.cause)
  return out
}

function replacer(key: string, value: unknown): unknown {
  if (HIDDEN_KEY.test(key) && value !== null && value !== undefined) return REDACTED
  if (value instanceof Error) return plainError(value, 0)
  if (typeof value === 'bigint') return value.toString()
  return value
}

function toLine(record: Record<string, unknown>): string {
  try {
    return JSON.stringify(record, replacer)
  } catch (fault) {
    // A field that cannot be written must not lose the line, nor fail the caller.
    const { at, level, service, message } = record
    return JSON.stringify({ at, level, service, message, log_fault: String(fault) })
  }
}

/**
 * Makes a log of one JSON line a call: `at` (UTC ISO 8601), `level`, `service`, `message`, then the fields. The given
 * secrets, the values of fields named like credentials, and what looks like one are replaced by `[redacted]`.
 */
export function createLog(options: LogOptions): Log {
  const floor = LOG_LEVELS.indexOf(options.level)
  // A secret stands in a line as JSON writes it, so it is looked for in that form; the longest goes first.
  const secrets = options.secrets
    .map((secret) => JSON.stringify(reveal(secret)).slice(1, -1))
    .filter((text) => text.length >= 8)
    .sort((a, b) => b.length - a.length)

  const make = (base: LogFields): Log => {
    const writeAt =
      (level: Exclude<LogLevel, 'silent'>) =>
      (message: string, fields: LogFields = {}): void => {
        if (LOG_LEVELS.indexOf(level) < floor) return
        const at = new Date(options.now()).toISOString()
        let line = toLine({ at, level, service: options.service, message, ...base, ...fields })
        for (const secret of secrets) if (line.includes(secret)) line = line.replaceAll(secret, REDACTED)
        options.write(redactForms(line))
      }
    return {
      debug: writeAt('debug'),
      info: writeAt('info'),
      warn: writeAt('warn'),
      error: writeAt('error'),
      child: (fields) => make({ ...base, ...fields }),
    }
  }
  return make({})
}
