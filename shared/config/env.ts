import * as v from 'valibot'
import { isZone } from '../domain/time/zone.ts'
import { createSecret } from './secret.ts'

/** Variables by name, as a host hands them over; an empty one counts as not set. */
export type Env = Readonly<Record<string, string | undefined>>

/** What is wrong with a variable: its name and what it must be, never its value. */
export interface EnvFault {
  readonly name: string
  readonly reason: string
}

/**
 * Checks variables against a schema that is an object of the building blocks below, and gives all faults at once.
 * Values are trimmed. A fault's reason is the message of the block that refused the value.
 */
export function checkEnv<T extends v.ObjectEntries>(
  schema: v.ObjectSchema<T, undefined>,
  env: Env,
): { ok: true; value: v.InferOutput<v.ObjectSchema<T, undefined>> } | { ok: false; faults: EnvFault[] } {
  const given: Record<string, string> = {}
  for (const name of Object.keys(schema.entries)) {
    const text = env[name]?.trim()
    if (text) given[name] = text
  }
  const checked = v.safeParse(schema, given)
  if (checked.success) return { ok: true, value: checked.output }
  const faults = checked.issues.map((issue) => {
    const name = String(issue.path?.[0]?.key)
    return { name, reason: name in given ? issue.message : 'must be set' }
  })
  return { ok: false, faults: faults.filter((one, i) => faults.findIndex((f) => f.name === one.name) === i) }
}

/** Any text. */
export const text = () => v.string()

/** A secret of at least `min` characters, which never prints. */
export const secret = (min = 1) =>
  v.pipe(
    v.string(),
    v.minLength(min, `must have at least ${min} characters`),
    v.transform((value) => createSecret(value)),
  )

/** An http or https URL, given back without a trailing slash. */
export const url = () =>
  v.pipe(
    v.string(),
    v.check(
      (value) => /^https?:$/.test(protocolOf(value)),
      'must be a URL that begins with http:// or https://',
    ),
    v.transform((value) => value.replace(/\/+$/, '')),
  )

/** A Postgres URL; it holds a password, so it never prints. */
export const postgresUrl = () =>
  v.pipe(
    v.string(),
    v.check(
      (value) => /^postgres(ql)?:$/.test(protocolOf(value)),
      'must be a URL that begins with postgres://',
    ),
    v.transform((value) => createSecret(value)),
  )

/** A whole number from `min` to `max`. */
export const integer = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, message),
    v.transform(Number),
    v.check((value) => value >= min && value <= max, message),
  )
}

/** A TCP port; 0 takes any free one. */
export const port = () => integer(0, 65_535)

/** Seconds (fractions are fine) from `min` to `max`, given back as milliseconds. */
export const seconds = (min: number, max: number) => {
  const message = `must be a number of seconds from ${min} to ${max}`
  return v.pipe(
    decimal(message),
    v.check((value) => value >= min && value <= max, message),
    v.transform((value) => Math.round(value * 1000)),
  )
}

/** An instant as ISO 8601 with its offset or Z, given back as epoch milliseconds. */
export const instant = () =>
  v.pipe(
    v.string(),
    v.check(
      (value) => /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)),
      'must be an instant such as 2026-11-24T10:00:00Z',
    ),
    v.transform((value) => Date.parse(value)),
  )

/** A number from 0 to 1. */
export const fraction = () => {
  const message = 'must be a number from 0 to 1'
  return v.pipe(
    decimal(message),
    v.check((value) => value <= 1, message),
  )
}

/** One of the given words. */
export const oneOf = <const T extends readonly string[]>(words: T) =>
  v.picklist(words, `must be one of ${words.join(', ')}`)

/** `on` or `off` (or true, false, 1, 0, yes, no). */
export const onOff = () =>
  v.pipe(
    v.string(),
    v.transform((value) => SWITCH[value.toLowerCase()] ?? null),
    v.boolean('must be on or off'),
  )

/** A comma list; blanks around its parts and empty parts do not count. */
export const list = () =>
  v.pipe(
    v.string(),
    v.transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  )

/** An IANA time zone. */
export const timeZone = () =>
  v.pipe(v.string(), v.check(isZone, 'must be an IANA time zone such as Europe/Berlin'))

/** An ISO 4217 code, given back in capitals. */
export const currency = () =>
  v.pipe(v.string(), v.toUpperCase(), v.regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR'))

const SWITCH: Readonly<Record<string, boolean>> = {
  on: true,
  true: true,
  yes: true,
  '1': true,
  off: false,
  false: false,
  no: false,
  '0': false,
}

const decimal = (message: string) =>
  v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/, message), v.transform(Number))

function protocolOf(value: string): string {
  return URL.parse(value)?.protocol ?? ''
}
