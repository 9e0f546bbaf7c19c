import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

const none = sql`'{}'::text[]`

/** Homes whose registries are kept; `digest` tells whether they have changed since. */
export const catalogueHomes = pgTable('catalogue_homes', {
  id: text().primaryKey(),
  digest: text().notNull(),
  syncedAt: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
})

const ofHome = () =>
  text()
    .notNull()
    .references(() => catalogueHomes.id, { onDelete: 'cascade' })

export const catalogueAreas = pgTable(
  'catalogue_areas',
  { homeId: ofHome(), id: text().notNull(), name: text().notNull(), floor: text() },
  (t) => [primaryKey({ columns: [t.homeId, t.id] })],
)

export const catalogueDevices = pgTable(
  'catalogue_devices',
  {
    homeId: ofHome(),
    id: text().notNull(),
    name: text().notNull(),
    areaId: text(),
    manufacturer: text(),
    model: text(),
    entryId: text(),
  },
  (t) => [primaryKey({ columns: [t.homeId, t.id] })],
)

/**
 * Entities in the registry's order. `area` is the name of the entity's area or of its device's; `words` are those of
 * name, id, kind, device and area, as searches are made of.
 */
export const catalogueEntities = pgTable(
  'catalogue_entities',
  {
    homeId: ofHome(),
    id: text().notNull(),
    position: integer().notNull(),
    name: text().notNull(),
    domain: text().notNull(),
    deviceClass: text(),
    unit: text(),
    deviceId: text(),
    areaId: text(),
    area: text(),
    disabled: boolean().notNull(),
    words: text().array().notNull().default(none),
    areaWords: text().array().notNull().default(none),
  },
  (t) => [
    primaryKey({ columns: [t.homeId, t.id] }),
    index('catalogue_entities_order').on(t.homeId, t.position),
    index('catalogue_entities_words').using('gin', t.words),
  ],
)

/** Every word that an entity of the home has, so that a misspelt one finds its neighbour. */
export const catalogueWords = pgTable(
  'catalogue_words',
  { homeId: ofHome(), word: text().notNull() },
  (t) => [
    primaryKey({ columns: [t.homeId, t.word] }),
    index('catalogue_words_like').using('gin', t.word.op('gin_trgm_ops')),
  ],
)
