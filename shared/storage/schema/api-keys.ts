import { sql } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'

const at = () => timestamp({ withTimezone: true, mode: 'date' })

/** API keys. Of the secret only its SHA-256 (hex) is kept; `lookup` finds the row and is no secret. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    lookup: text().notNull(),
    hash: text().notNull(),
    scopes: jsonb().$type<readonly string[]>().notNull(),
    /** Tokens of language models that it may use in 24 hours; null: what the installation's default says. */
    tokensPerDay: bigint({ mode: 'number' }),
    createdAt: at().notNull().defaultNow(),
    revokedAt: at(),
  },
  (t) => [
    index('api_keys_lookup').on(t.lookup),
    uniqueIndex('api_keys_live_name').on(t.name).where(sql`revoked_at is null`),
  ],
)
