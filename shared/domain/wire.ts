/** The same shape with snake_case keys, as our JSON has it on every wire. */
export type Wire<T> = T extends readonly (infer U)[]
  ? Wire<U>[]
  : T extends object
    ? { [K in keyof T as K extends string ? Snake<K> : K]: Wire<T[K]> }
    : T

type Snake<S extends string> = S extends `${infer Head}${infer Rest}`
  ? Head extends Lowercase<Head>
    ? `${Head}${Snake<Rest>}`
    : `_${Lowercase<Head>}${Snake<Rest>}`
  : S

/** Keys whose value is somebody else's JSON: its own keys are left as they are. */
const OPAQUE = new Set(['result', 'timings', 'responseFormat', 'response_format'])

const toSnake = (key: string) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
const toCamel = (key: string) => key.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, c: string) => c.toUpperCase())

function mapKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename))
  if (value === null || typeof value !== 'object') return value
  const out: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const name = rename(key)
    const mapped = OPAQUE.has(key) ? inner : mapKeys(inner, rename)
    if (name !== '__proto__') out[name] = mapped
    // It must stay a key, and an assignment would take it as something else.
    else
      Object.defineProperty(out, name, {
        value: mapped,
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }
  return out
}

/** Renames all keys of a domain record to snake_case, as our JSON has them; opaque values pass untouched. */
export function toWire<T>(value: T): Wire<T> {
  return mapKeys(value, toSnake) as Wire<T>
}

/** Renames all keys of wire JSON to camelCase. It does not check shapes: validate what comes from outside first. */
export function fromWire(value: unknown): unknown {
  return mapKeys(value, toCamel)
}
