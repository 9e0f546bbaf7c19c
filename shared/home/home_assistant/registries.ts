import type { Area, Device, Entity, EntityState, Registries } from '../../domain/home-data.ts'
import { isRow, type Row, rowsIn, textIn, textsIn } from './shapes.ts'

/** What the registries' calls answered; a registry that could not be read is an empty list. */
export interface RegistryRows {
  readonly areas: unknown
  readonly floors: unknown
  readonly labels: unknown
  readonly devices: unknown
  readonly entities: unknown
  /** Entity ids that are exposed to Assist, or null where that may not be read. */
  readonly assist: ReadonlySet<string> | null
}

/**
 * The registries as one, with the states beside them: device class, unit and the whole name stand in the states, and
 * entities without a unique id (zones, the sun, much of YAML) are known by their state alone.
 */
export function toRegistries(rows: RegistryRows, states: readonly EntityState[]): Registries {
  const floors = new Map(rowsIn(rows.floors).map((row) => [row.floor_id, textIn(row.name)]))
  const labels = new Map(rowsIn(rows.labels).map((row) => [row.label_id, textIn(row.name)]))
  const areas = rowsIn(rows.areas).flatMap((row) => toArea(row, floors))
  const areaIds = new Set(areas.map((area) => area.id))
  const known = (id: unknown) => (typeof id === 'string' && areaIds.has(id) ? id : null)
  const devices = rowsIn(rows.devices).flatMap((row) => toDevice(row, known(row.area_id)))
  const deviceById = new Map(devices.map((device) => [device.id, device]))
  const stateOf = new Map(states.map((state) => [state.entityId, state]))
  const entities = new Map<string, Entity>()
  for (const row of rowsIn(rows.entities)) {
    const id = textIn(row.entity_id)
    if (id === null || !isEntityId(id)) continue
    const device = typeof row.device_id === 'string' ? deviceById.get(row.device_id) : undefined
    entities.set(id, {
      ...fromState(id, stateOf.get(id)),
      name: nameOf(row, device, stateOf.get(id)),
      areaId: known(row.area_id),
      deviceId: device?.id ?? null,
      disabled: row.disabled_by !== null && row.disabled_by !== undefined,
      assist: rows.assist?.has(id) ?? isExposed(row.options),
      labels: textsIn(row.labels).flatMap((label) => labels.get(label) ?? []),
    })
  }
  for (const state of states)
    if (!entities.has(state.entityId) && isEntityId(state.entityId))
      entities.set(state.entityId, {
        ...fromState(state.entityId, state),
        assist: rows.assist?.has(state.entityId) ?? false,
      })
  return { areas, devices, entities: [...entities.values()] }
}

/** Entity ids that the exposure list names for Assist. */
export function toAssist(answer: unknown): ReadonlySet<string> {
  const exposed = isRow(answer) && isRow(answer.exposed_entities) ? answer.exposed_entities : {}
  return new Set(Object.keys(exposed).filter((id) => isRow(exposed[id]) && exposed[id].conversation === true))
}

function isEntityId(id: string): boolean {
  return /^[a-z0-9_]+\.[a-z0-9_]+$/.test(id)
}

function toArea(row: Row, floors: ReadonlyMap<unknown, string | null>): Area[] {
  const id = textIn(row.area_id)
  return id === null ? [] : [{ id, name: textIn(row.name) ?? id, floor: floors.get(row.floor_id) ?? null }]
}

function toDevice(row: Row, areaId: string | null): Device[] {
  const id = textIn(row.id)
  if (id === null) return []
  const entries = Array.isArray(row.config_entries) ? row.config_entries : []
  return [
    {
      id,
      name: textIn(row.name_by_user) ?? textIn(row.name) ?? id,
      areaId,
      manufacturer: textIn(row.manufacturer),
      model: textIn(row.model),
      entryId: textIn(row.primary_config_entry) ?? textIn(entries[0]),
    },
  ]
}

/** The name that somebody gave, else that of the state; a disabled entity has no state, so it is put together. */
function nameOf(row: Row, device: Device | undefined, state: EntityState | undefined): string {
  const friendly = textIn(row.name) ?? textIn(state?.attributes.friendly_name)
  if (friendly !== null) return friendly
  const own = textIn(row.original_name)
  if (row.has_entity_name === true && device) return own === null ? device.name : `${device.name} ${own}`
  return own ?? textIn(row.entity_id) ?? ''
}

const STATE_CLASSES = ['measurement', 'total', 'total_increasing'] as const

function fromState(id: string, state: EntityState | undefined): Entity {
  const attributes = state?.attributes ?? {}
  return {
    id,
    name: textIn(attributes.friendly_name) ?? id,
    areaId: null,
    deviceId: null,
    domain: id.slice(0, id.indexOf('.')),
    deviceClass: textIn(attributes.device_class),
    stateClass: STATE_CLASSES.find((each) => each === attributes.state_class) ?? null,
    unit: textIn(attributes.unit_of_measurement),
    disabled: false,
  }
}

/** The registry's own note of the exposure to Assist. */
function isExposed(options: unknown): boolean {
  return isRow(options) && isRow(options.conversation) && options.conversation.should_expose === true
}
