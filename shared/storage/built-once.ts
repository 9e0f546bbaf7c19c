import type { Db } from './db.ts'

/**
 * A query that is made with the first use of each database and kept: putting its text together costs about as much as
 * asking it. What differs from call to call is a `sql.placeholder` in it. Not for transactions, which end.
 */
export function builtOnce<Query extends object>(build: (db: Db) => Query): (db: Db) => Query {
  const kept = new WeakMap<Db, Query>()
  return (db) => {
    const known = kept.get(db)
    if (known) return known
    const query = build(db)
    kept.set(db, query)
    return query
  }
}
