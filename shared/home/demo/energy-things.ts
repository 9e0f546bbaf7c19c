import type { DeviceConsumption, EnergyPreferences, Entity } from '../../domain/home-data.ts'
import type { DeviceSpec } from './devices.ts'
import { type Channel, CIRCUITS } from './energy.ts'
import { deviceId, type Thing } from './thing.ts'

/** A friendly name that tries to leave every string it is put into; it must stay inert everywhere. */
export const HOSTILE_NAME = `Guest "plug" o'hare\n'''"""); import os; os.system('touch /tmp/owned')  # \${1+1} {{ 7*7 }}`

interface Metered extends DeviceSpec {
  readonly channel: Channel
  readonly slug: string
  /** What the meter showed when the simulation began, in kWh. */
  readonly initial: number
}

function metered(
  channel: Channel,
  name: string,
  area: string | null,
  maker: readonly [manufacturer: string, model: string, entry: string],
  slug: string = channel,
  initial = 0,
): Metered {
  const [manufacturer, model, entry] = maker
  return { channel, slug, key: `meter.${slug}`, name, area, manufacturer, model, entry, initial }
}

const PLUG = ['Shelly', 'Plus Plug S', 'shelly'] as const
const CLAMP = ['Shelly', 'Pro 3EM', 'shelly'] as const
const METER = ['EMH', 'eHZ smart meter', 'tibber_pulse'] as const

const SITE: readonly Metered[] = [
  metered('grid_import', 'Grid import', null, METER, 'grid_import', 8412),
  metered('grid_export', 'Grid export', null, METER, 'grid_export', 5107),
  metered('solar', 'Solar', 'garage', ['SolarEdge', 'SE6K', 'solaredge'], 'solar', 9630),
  metered('home', 'Home', null, ['Home Assistant', 'Template', 'template'], 'home'),
]

const DEVICES: readonly Metered[] = [
  metered('ev_charger', 'EV charger', 'garage', ['go-e', 'Charger Gemini', 'goecharger'], 'ev_charger', 1904),
  metered(
    'heat_pump',
    'Heat pump',
    'utility_room',
    ['Vaillant', 'aroTHERM plus', 'vaillant'],
    'heat_pump',
    6120,
  ),
  metered('kitchen_circuit', 'Kitchen circuit', 'kitchen', CLAMP, 'kitchen_circuit', 2260),
  metered('fridge_freezer', 'Fridge-freezer', 'kitchen', PLUG),
  metered('dishwasher', 'Dishwasher', 'kitchen', PLUG),
  metered('oven', 'Oven', 'kitchen', CLAMP),
  metered('coffee_machine', 'Coffee machine', 'kitchen', PLUG),
  metered('utility_room_circuit', 'Utility room circuit', 'utility_room', CLAMP),
  metered('chest_freezer', 'Chest freezer', 'utility_room', PLUG),
  metered('washing_machine', 'Washing machine', 'utility_room', PLUG),
  metered('dryer', 'Dryer', 'utility_room', PLUG),
  metered('network_rack', 'Network rack', 'office', PLUG),
  metered('office_pc', 'Office PC', 'office', PLUG),
  metered('tv', 'TV', 'living_room', PLUG),
  metered('lighting', 'Lighting', 'hallway', CLAMP),
  metered('guest_room_plug', HOSTILE_NAME, 'guest_room', PLUG),
]

const meterId = (slug: string) => `sensor.${slug}_energy`
const powerId = (slug: string) => `sensor.${slug}_power`

function circuitOf(channel: Channel): string | null {
  for (const [circuit, parts] of Object.entries(CIRCUITS))
    if ((parts as readonly string[]).includes(channel)) return meterId(circuit)
  return null
}

/** What the meters showed when the simulation began, by channel. */
export const INITIAL_KWH: ReadonlyMap<Channel, number> = new Map(
  [...SITE, ...DEVICES].map((one) => [one.channel, one.initial]),
)

/** Devices of the energy dashboard with their channel, in its order. */
export const CONSUMERS: readonly { channel: Channel; name: string; statistic: string }[] = DEVICES.map(
  (one) => ({
    channel: one.channel,
    name: one.name,
    statistic: meterId(one.slug),
  }),
)

/** The meters and power sensors of the demo home. */
export function energyThings(): { things: readonly Thing[]; specs: readonly DeviceSpec[] } {
  const things: Thing[] = []
  for (const one of [...SITE, ...DEVICES]) {
    const base = { areaId: one.area, deviceId: deviceId(one.key), domain: 'sensor', disabled: false }
    const rest = { entryId: one.entry, lostSince: null, attributes: {} }
    const hostile = one.name === HOSTILE_NAME
    const energy: Entity = {
      ...base,
      id: meterId(one.slug),
      name: hostile ? one.name : `${one.name} energy`,
      deviceClass: 'energy',
      stateClass: 'total_increasing',
      unit: 'kWh',
    }
    const power: Entity = {
      ...base,
      id: powerId(one.slug),
      name: hostile ? 'Guest room plug power' : `${one.name} power`,
      deviceClass: 'power',
      stateClass: 'measurement',
      unit: 'W',
    }
    // the home's own use is a template of the other three: it has power, but no meter that could be counted twice
    if (one.channel !== 'home')
      things.push({ ...rest, entity: energy, simulation: { kind: 'meter', channel: one.channel } })
    things.push({ ...rest, entity: power, simulation: { kind: 'power', channel: one.channel } })
  }
  const specs = [...SITE, ...DEVICES].map((one) =>
    one.name === HOSTILE_NAME ? { ...one, name: 'Guest room plug' } : one,
  )
  return { things, specs }
}

/** The energy dashboard's settings: sources, devices with their circuits, and the power sensor of each meter. */
export function energyPreferences(): EnergyPreferences {
  const devices: readonly DeviceConsumption[] = DEVICES.map((one) => ({
    statistic: meterId(one.slug),
    name: one.name,
    includedIn: circuitOf(one.channel),
  }))
  return {
    sources: [
      {
        type: 'grid',
        from: [meterId('grid_import')],
        to: [meterId('grid_export')],
        cost: [],
        compensation: [],
      },
      { type: 'solar', from: meterId('solar') },
    ],
    supplies: [],
    devices,
    power: Object.fromEntries(
      [...SITE, ...DEVICES]
        .filter((one) => one.channel !== 'home')
        .map((one) => [meterId(one.slug), powerId(one.slug)]),
    ),
  }
}
