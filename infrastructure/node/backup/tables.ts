import type postgres from 'postgres'

/** A table as the catalogue of Postgres has it. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string; readonly identity: boolean }[]
}

/** All our tables, each after those that it refers to. */
export async function tablesOf(sql: postgres.ISql): Promise<TableShape[]> {
  const rows = await sql<{ table: string; column: string; type: string; identity: boolean }[]>`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
      a.attidentity <> '' as identity
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by c.relname, a.attnum`
  const refers = await sql<{ table: string; to: string }[]>`
    select c.relname as table, r.relname as to
    from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_class r on r.oid = f.confrelid
    where f.contype = 'f' and c.relnamespace = 'public'::regnamespace`
  const byName = Map.groupBy(rows, ({ table }) => table)
  const ordered = new Set<string>()
  const visit = (name: string, above: readonly string[]) => {
    if (ordered.has(name) || above.includes(name)) return
    for (const { table, to } of refers) if (table === name) visit(to, [...above, name])
    ordered.add(name)
  }
  for (const name of byName.keys()) visit(name, [])
  return [...ordered].map((name) => ({
    name,
    columns: (byName.get(name) ?? []).map(({ column, type, identity }) => ({ name: column, type, identity })),
  }))
}

/** A name as SQL quotes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
