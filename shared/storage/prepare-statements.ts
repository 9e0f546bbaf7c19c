import type postgres from 'postgres'

/** Texts that are prepared, and their length: each takes some times that of every connection's server process. */
const MOST = 300
const LONGEST = 4_000

/**
 * The same client, whose statements are prepared on each connection with their first use. drizzle asks for unnamed
 * ones, which the server parses and describes anew with every call, and the driver waits for that: a round trip more,
 * and nothing can be sent ahead. What comes after so many different texts (long lists of values have one for each
 * length) stays as it is.
 */
export function prepareStatements(client: postgres.Sql, most = MOST): postgres.Sql {
  const texts = new Set<string>()
  const isKept = (text: string) =>
    text.length <= LONGEST && (texts.has(text) || (texts.size < most && texts.add(text).size > 0))

  const wrap = <S extends object>(sql: S): S =>
    new Proxy(sql, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (typeof value !== 'function') return value
        if (key === 'unsafe')
          return (text: string, args: readonly unknown[] = [], options: object = {}) =>
            value(text, args, { ...options, prepare: isKept(text) })
        if (key === 'begin' || key === 'savepoint')
          return (...args: unknown[]) => {
            const work = args.pop() as (sql: object) => unknown
            return value(...args, (sql: object) => work(wrap(sql)))
          }
        return value
      },
    })
  return wrap(client)
}
