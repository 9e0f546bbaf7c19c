import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

/**
 * Homes whose registries are kept; `digest` tells whether they have changed since. `texts` has all words by the kind of
 * their terms, for misspelt ones: as rows, thousands would take longer to come than to be compared.
 */
export const catalogueHomes = pgTable('catalogue_homes', {
  id: text().primaryKey(),
  digest: text().notNull(),
  texts: jsonb().$type<Readonly<Record<string, readonly string[]>>>().notNull(),
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

/** Entities; `place` is that in the registry's order, `area` the name of the entity's area or of its device's. */
export const catalogueEntities = pgTable(
  'catalogue_entities',
  {
    homeId: ofHome(),
    id: text().notNull(),
    place: integer().notNull(),
    name: text().notNull(),
    domain: text().notNull(),
    deviceClass: text(),
    unit: text(),
    deviceId: text(),
    areaId: text(),
    area: text(),
    disabled: boolean().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.homeId, t.id] }),
    index('catalogue_entities_places').on(t.homeId, t.place),
  ],
)

/** What entities are found by (see `Term`), each with the places of those that have it. */
export const catalogueTerms = pgTable(
  'catalogue_terms',
  { homeId: ofHome(), kind: text().notNull(), text: text().notNull(), places: integer().array().notNull() },
  (t) => [primaryKey({ columns: [t.homeId, t.kind, t.text] })],
)
