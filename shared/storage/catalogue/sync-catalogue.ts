import { eq, sql } from 'drizzle-orm'
import type { Registries } from '../../domain/home-data.ts'
import type { Db } from '../db.ts'
import { catalogueHomes } from '../schema/catalogue.ts'
import { storableJson } from '../storable.ts'
import { toRows } from './rows.ts'

/**
 * Brings a home's catalogue up to its registries, all or nothing; false where nothing had changed, which costs one look.
 * Of several processes that sync at once one writes and the others find it done.
 */
export async function syncCatalogue(
  db: Db,
  input: { homeId: string; registries: Registries; now: number },
): Promise<boolean> {
  const { homeId } = input
  const registries = storable(input.registries)
  const digest = await digestOf(registries)
  const isCurrent = async (tx: Pick<Db, 'select'>) => {
    const { digest: kept } = catalogueHomes
    const [known] = await tx
      .select({ digest: kept })
      .from(catalogueHomes)
      .where(eq(catalogueHomes.id, homeId))
    return known?.digest === digest
  }
  if (await isCurrent(db)) return false
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`catalogue ${homeId}`}))`)
    if (await isCurrent(tx)) return false
    await tx.delete(catalogueHomes).where(eq(catalogueHomes.id, homeId))
    const { areas, devices, entities, terms, texts } = toRows(registries)
    await tx.insert(catalogueHomes).values({ id: homeId, digest, texts, syncedAt: new Date(input.now) })
    // One parameter for a whole table: as rows of parameters, ten thousand entities would take many statements.
    await tx.execute(sql`
      insert into catalogue_areas (home_id, id, name, floor)
      select ${homeId}, id, name, floor
      from jsonb_to_recordset(${JSON.stringify(areas)}::text::jsonb) as t(id text, name text, floor text)`)
    await tx.execute(sql`
      insert into catalogue_devices (home_id, id, name, area_id, manufacturer, model, entry_id)
      select ${homeId}, id, name, "areaId", manufacturer, model, "entryId"
      from jsonb_to_recordset(${JSON.stringify(devices)}::text::jsonb) as t(
        id text, name text, "areaId" text, manufacturer text, model text, "entryId" text)`)
    await tx.execute(sql`
      insert into catalogue_entities (home_id, id, place, name, domain, device_class, unit, device_id, area_id, area, disabled)
      select ${homeId}, id, place, name, domain, "deviceClass", unit, "deviceId", "areaId", area, disabled
      from jsonb_to_recordset(${JSON.stringify(entities)}::text::jsonb) as t(
        id text, place integer, name text, domain text, "deviceClass" text, unit text, "deviceId" text,
        "areaId" text, area text, disabled boolean)`)
    await tx.execute(sql`
      insert into catalogue_terms (home_id, kind, text, places)
      select ${homeId}, kind, text, places
      from jsonb_to_recordset(${JSON.stringify(terms)}::text::jsonb) as t(kind text, text text, places integer[])`)
    // Else the first searches would be planned as for an empty table.
    await tx.execute(sql`analyze catalogue_entities, catalogue_terms`)
    return true
  })
}

/** Cleaning texts leaves the shape as it is. */
function storable(registries: Registries): Registries {
  return storableJson(registries) as Registries
}

async function digestOf(registries: Registries): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(registries))
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
