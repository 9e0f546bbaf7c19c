import { EVIL_NAME } from './configuration.ts'
import type { OwnerSocket } from './owner-socket.ts'

/** Where the home's thermometers hang. */
export const AREAS: Readonly<Record<string, string>> = {
  'sensor.cellar_temperature': 'Wine cellar',
  'sensor.attic_temperature': 'Under the roof',
}
/** A light that is on. */
export const EVIL_LIGHT = 'light.ceiling_lights'

/** Puts thermometers into areas, and gives a light a name with quotes, a line break, HTML and Python in it. */
export async function arrange(owner: OwnerSocket): Promise<void> {
  for (const [entity_id, name] of Object.entries(AREAS)) {
    const area = (await owner.call({ type: 'config/area_registry/create', name })) as { area_id: string }
    await owner.call({ type: 'config/entity_registry/update', entity_id, area_id: area.area_id })
  }
  await owner.call({ type: 'config/entity_registry/update', entity_id: EVIL_LIGHT, name: EVIL_NAME })
}
