import type { Area, Device } from '../../domain/home-data.ts'
import { deviceId } from './thing.ts'

const area = (id: string, name: string, floor: string) => ({ id, name, floor })

export const AREAS: readonly Area[] = [
  area('kitchen', 'Kitchen', 'ground'),
  area('living_room', 'Living room', 'ground'),
  area('hallway', 'Hallway', 'ground'),
  area('entrance', 'Entrance', 'ground'),
  area('utility_room', 'Utility room', 'ground'),
  area('garage', 'Garage', 'ground'),
  area('garden', 'Garden', 'outside'),
  area('bathroom', 'Bathroom', 'first'),
  area('bedroom', 'Bedroom', 'first'),
  area('office', 'Office', 'first'),
  area('guest_room', 'Guest room', 'first'),
]

/** Name of an area by its id; the id where there is none. */
export function areaName(id: string): string {
  return AREAS.find((one) => one.id === id)?.name ?? id
}

/** What a device is: area, maker, model, and the integration entry that it came with. */
export interface DeviceSpec {
  readonly key: string
  readonly name: string
  readonly area: string | null
  readonly manufacturer: string | null
  readonly model: string | null
  readonly entry: string
}

/** A device as the registry lists it. */
export function toDevice(spec: DeviceSpec): Device {
  return {
    id: deviceId(spec.key),
    name: spec.name,
    areaId: spec.area,
    manufacturer: spec.manufacturer,
    model: spec.model,
    entryId: spec.entry,
  }
}
