import type { Entity } from '../../domain/home-data.ts'
import type { Track } from './acts.ts'
import { areaName, type DeviceSpec } from './devices.ts'
import { type Light, lightTrack } from './lights.ts'
import { PEOPLE } from './people.ts'
import { createDraw } from './random.ts'
import { createRoom, ROOMS, type Value } from './rooms.ts'
import type { Routine } from './routines.ts'
import type { Scenario } from './scenario.ts'
import { deviceId, OUTAGE_ENTRY, type Thing } from './thing.ts'
import type { Tracks } from './tracks.ts'
import type { Weather } from './weather.ts'

interface Made {
  readonly things: readonly Thing[]
  readonly specs: readonly DeviceSpec[]
}

const entity = (
  id: string,
  name: string,
  area: string | null,
  device: string | null,
  rest: Partial<Entity> = {},
) => ({
  id,
  name,
  areaId: area,
  deviceId: device === null ? null : deviceId(device),
  domain: id.slice(0, id.indexOf('.')),
  deviceClass: null,
  stateClass: null,
  unit: null,
  disabled: false,
  ...rest,
})

const measured = (deviceClass: string, unit: string) => ({
  deviceClass,
  unit,
  stateClass: 'measurement' as const,
})

function tracked(one: Entity, track: Track, entryId: string, lostSince: number | null = null): Thing {
  return { entity: one, entryId, lostSince, attributes: {}, simulation: { kind: 'track', track } }
}

function numeric(
  one: Entity,
  value: Value,
  digits: number,
  entryId: string,
  lostSince: number | null = null,
): Thing {
  return { entity: one, entryId, lostSince, attributes: {}, simulation: { kind: 'number', value, digits } }
}

const zigbee = (
  key: string,
  name: string,
  area: string,
  manufacturer: string,
  model: string,
): DeviceSpec => ({
  key,
  name,
  area,
  manufacturer,
  model,
  entry: OUTAGE_ENTRY,
})

function battery(
  slug: string,
  name: string,
  area: string,
  device: string,
  value: Value,
  lost: number | null,
): Thing {
  const one = entity(`sensor.${slug}_battery`, `${name} battery`, area, device, measured('battery', '%'))
  return numeric(one, value, 0, OUTAGE_ENTRY, lost)
}

/** A battery that lasts about two years: each sensor is at another point of its life. */
function healthy(seed: number, slug: string): Value {
  const draw = createDraw(seed, `battery.${slug}`)
  const life = 730 * 86_400_000
  return (instant) => 100 - 62 * ((instant / life + draw(0)) % 1)
}

/** Temperature, humidity and battery of the rooms, and the sensor outdoors. */
export function roomThings(deps: { seed: number; weather: Weather; scenario: Scenario }): Made {
  const things: Thing[] = []
  const specs: DeviceSpec[] = []
  for (const room of ROOMS) {
    const values = createRoom({ ...deps, room })
    const name = areaName(room.area)
    const key = `room.${room.area}`
    specs.push(zigbee(key, `${name} climate sensor`, room.area, 'Aqara', 'WSDCGQ11LM'))
    const warm = entity(`sensor.${room.area}_temperature`, `${name} temperature`, room.area, key)
    things.push(numeric({ ...warm, ...measured('temperature', '°C') }, values.temperature, 1, OUTAGE_ENTRY))
    if (values.humidity !== null) {
      const damp = entity(`sensor.${room.area}_humidity`, `${name} humidity`, room.area, key)
      things.push(numeric({ ...damp, ...measured('humidity', '%') }, values.humidity, 0, OUTAGE_ENTRY))
    }
    const slug = `${room.area}_climate`
    things.push(battery(slug, `${name} climate sensor`, room.area, key, healthy(deps.seed, slug), null))
  }
  const outside = entity('sensor.outdoor_temperature', 'Outdoor temperature', 'garden', 'weather_station')
  things.push(numeric({ ...outside, ...measured('temperature', '°C') }, deps.weather.outdoor, 1, 'netatmo'))
  specs.push({
    ...zigbee('weather_station', 'Weather station', 'garden', 'Netatmo', 'NAModule1'),
    entry: 'netatmo',
  })
  return { things, specs }
}

const CONTACTS = [
  ['front_door', 'Front door', 'entrance', 'door'],
  ['patio_door', 'Patio door', 'living_room', 'door'],
  ['kitchen_window', 'Kitchen window', 'kitchen', 'window'],
  ['bedroom_window', 'Bedroom window', 'bedroom', 'window'],
  ['bathroom_window', 'Bathroom window', 'bathroom', 'window'],
  ['garage_side_door', 'Garage side door', 'garage', 'door'],
] as const

const MOTION = [
  ['hallway', 'Hallway'],
  ['kitchen', 'Kitchen'],
  ['garage', 'Garage'],
] as const

/** Contacts and motion sensors with their batteries: one of them is nearly empty, one is lost. */
export function sensorThings(deps: { seed: number; scenario: Scenario; tracks: Tracks }): Made {
  const { seed, scenario, tracks } = deps
  const charge: Readonly<Record<string, Value>> = {
    garage_side_door: scenario.sideDoorBattery,
    bathroom_window: scenario.bathroomBattery,
  }
  const things: Thing[] = []
  const specs: DeviceSpec[] = []
  for (const [slug, name, area, deviceClass] of CONTACTS) {
    const id = `binary_sensor.${slug}`
    const lost = slug === 'bathroom_window' ? scenario.contactLostSince : null
    specs.push(zigbee(slug, `${name} contact`, area, 'Aqara', 'MCCGQ11LM'))
    things.push(
      tracked(entity(id, name, area, slug, { deviceClass }), trackOf(tracks, id), OUTAGE_ENTRY, lost),
    )
    things.push(battery(slug, name, area, slug, charge[slug] ?? healthy(seed, slug), lost))
  }
  for (const [area, name] of MOTION) {
    const id = `binary_sensor.${area}_motion`
    const slug = `${area}_motion`
    specs.push(zigbee(slug, `${name} motion sensor`, area, 'IKEA', 'E1745'))
    const one = entity(id, `${name} motion`, area, slug, { deviceClass: 'motion' })
    things.push(tracked(one, trackOf(tracks, id), OUTAGE_ENTRY))
    things.push(battery(slug, `${name} motion`, area, slug, healthy(seed, slug), null))
  }
  return { things, specs }
}

const ACTORS = [
  ['cover.living_room_blind', 'Living room blind', 'living_room', 'Somfy', 'Sunea io', 'overkiz'],
  ['cover.bedroom_blind', 'Bedroom blind', 'bedroom', 'Somfy', 'Sunea io', 'overkiz'],
  ['lock.front_door', 'Front door lock', 'entrance', 'Nuki', 'Smart Lock 3.0', 'nuki'],
  ['lock.garage', 'Garage lock', 'garage', 'Nuki', 'Smart Lock 3.0', 'nuki'],
  ['switch.coffee_machine', 'Coffee machine', 'kitchen', 'Shelly', 'Plus Plug S', 'shelly'],
  ['climate.living_room', 'Living room', 'living_room', 'Vaillant', 'VRC 720', 'vaillant'],
  ['climate.bedroom', 'Bedroom', 'bedroom', 'Vaillant', 'VRC 720', 'vaillant'],
  ['climate.bathroom', 'Bathroom', 'bathroom', 'Vaillant', 'VRC 720', 'vaillant'],
  ['climate.office', 'Office', 'office', 'Vaillant', 'VRC 720', 'vaillant'],
] as const

/** Lights, covers, locks, thermostats, people and automations. */
export function houseThings(deps: {
  lights: readonly Light[]
  tracks: Tracks
  routines: readonly Routine[]
}): Made {
  const things: Thing[] = []
  const specs: DeviceSpec[] = []
  const device = (key: string, name: string, area: string, maker: readonly [string, string, string]) =>
    specs.push({ key, name, area, manufacturer: maker[0], model: maker[1], entry: maker[2] })
  for (const light of deps.lights) {
    const id = `light.${light.key}`
    device(id, light.name, light.area, ['Signify', 'Hue white lamp', 'hue'])
    things.push(tracked(entity(id, light.name, light.area, id), lightTrack(light), 'hue'))
  }
  for (const [id, name, area, manufacturer, model, entry] of ACTORS) {
    device(id, name, area, [manufacturer, model, entry])
    const room = ROOMS.find((one) => one.area === area)
    const attributes = id.startsWith('climate.') ? { temperature: room?.target ?? 20 } : {}
    things.push({ ...tracked(entity(id, name, area, id), trackOf(deps.tracks, id), entry), attributes })
  }
  for (const { key, name, userId } of PEOPLE) {
    const id = `person.${key}`
    const one = tracked(entity(id, name, null, null), trackOf(deps.tracks, id), 'person')
    things.push({ ...one, attributes: { user_id: userId } })
  }
  for (const { entityId, alias, enabled, config } of deps.routines) {
    const track: Track = { initial: enabled ? 'on' : 'off', acts: () => [] }
    const one = tracked(entity(entityId, alias, null, null), track, 'automation')
    things.push({ ...one, attributes: { id: config.id } })
  }
  return { things, specs }
}

function trackOf(tracks: Tracks, id: string): Track {
  const track = tracks[id]
  if (track === undefined) throw new Error(`The demo home has no track for ${id}`)
  return track
}
