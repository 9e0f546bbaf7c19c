import { has, normalise, type Terms, terms, without } from './words.ts'

export interface NounRule {
  readonly any: Terms
  /** Arguments of `find_entities`; the nouns themselves are searched for as well where `keep` says so. */
  readonly domain?: string
  readonly deviceClass?: string
  /** The noun stays a search word, since entities of other kinds bear it in their names. */
  readonly keep?: true
  /** Power of something; of the whole home where nothing else is named. */
  readonly power?: true
  /** How an answer names such things, in the plural. */
  readonly plural: string
}

/** What people call things of a home, and where Home Assistant keeps them. The first match wins. */
export const NOUNS: readonly NounRule[] = [
  {
    any: terms('battery level*, battery, batteries, state of charge'),
    deviceClass: 'battery',
    plural: 'batteries',
  },
  {
    any: terms('garage door*, garage, front door*, back door*, door*, gate*'),
    keep: true,
    deviceClass: 'door',
    plural: 'doors',
  },
  { any: terms('window*'), deviceClass: 'window', plural: 'windows' },
  { any: terms('light*, lamp*, lighting, bulb*'), domain: 'light', plural: 'lights' },
  {
    any: terms('temperature*, how warm, how cold, how hot, warm, cold, degrees'),
    deviceClass: 'temperature',
    plural: 'temperatures',
  },
  { any: terms('humidity, humid, damp'), deviceClass: 'humidity', plural: 'humidities' },
  { any: terms('co2, carbon dioxide, air quality'), deviceClass: 'carbon_dioxide', plural: 'CO₂ sensors' },
  { any: terms('motion, movement, occupancy, presence'), deviceClass: 'motion', plural: 'motion sensors' },
  { any: terms('leak*, water sensor*, moisture'), deviceClass: 'moisture', plural: 'leak sensors' },
  { any: terms('smoke, fire alarm*'), deviceClass: 'smoke', plural: 'smoke detectors' },
  { any: terms('lock*, locked, unlocked'), domain: 'lock', plural: 'locks' },
  { any: terms('cover*, blind*, shutter*, curtain*, awning*'), domain: 'cover', plural: 'covers' },
  {
    any: terms('thermostat*, climate, heating, radiator*, set temperature'),
    domain: 'climate',
    plural: 'thermostats',
  },
  { any: terms('speaker*, media player*, music'), domain: 'media_player', plural: 'media players' },
  { any: terms('fan, fans, ventilation'), domain: 'fan', plural: 'fans' },
  { any: terms('vacuum*, robot*'), domain: 'vacuum', plural: 'vacuums' },
  { any: terms('alarm'), domain: 'alarm_control_panel', plural: 'alarms' },
  {
    any: terms('plug*, outlet*, socket*, switch, switches'),
    domain: 'switch',
    keep: true,
    plural: 'switches',
  },
  { any: terms('automation*'), domain: 'automation', plural: 'automations' },
  { any: terms('weather, outside, outdoor*'), keep: true, plural: 'weather' },
  {
    any: terms('power, watts, watt, drawing, electricity, energy, solar, grid'),
    deviceClass: 'power',
    power: true,
    plural: 'power sensors',
  },
  {
    any: terms(
      "who is home, who's home, is home, at home, anyone home, anybody home, somebody home, everyone home, nobody home, who is in, who is away, person, people",
    ),
    domain: 'person',
    plural: 'people',
  },
  { any: terms('sensor*'), domain: 'sensor', plural: 'sensors' },
  { any: terms('device*, appliance*, everything, entities'), plural: 'devices' },
]

/** Words of a question that name nothing. */
const FILLER = terms(
  "by area, by room, per room, per area, each room, each area, in each room, in every room, all rooms, every room, rooms, a, an, the, my, our, your, is, are, was, were, be, been, am, being, do, does, did, has, have, had, i, we, you, it, its, it's, there, what, what's, which, who, who's, where, when, how, why, many, much, any, all, some, every, still, now, right now, right, at the moment, currently, current, presently, present, today, just, please, tell me, show me, show, list, give me, tell, me, check, can, could, would, will, in, on, off, of, at, to, from, for, by, with, and, or, so, as, up, left, open, opened, closed, close, shut, locked, unlocked, running, active, playing, full, state, status, value, reading, level, warm, cold, hot, high, low, turned, switched, lit, look, know, about, no, not, one, ones, anything, something, devices, device, entities, entity, room, this, that, these, those, house, if, whether, also, then, percent, kwh, using, use, used, making, produce*, producing, draw",
)

/** What a question about states looks for. */
export interface EntityQuery {
  readonly query: string
  readonly domain?: string
  readonly deviceClass?: string
  readonly plural: string
}

/** Reads which entities a text is about: a kind (by noun) and the words left over, such as a room's name. */
export function findEntityQuery(text: string): EntityQuery {
  const plain = normalise(text)
  const rule = NOUNS.find((each) => has(plain, each.any))
  const rest = without(rule && !rule.keep ? without(plain, rule.any) : plain, FILLER).trim()
  if (rule?.power) {
    const source = SOURCES.find((name) => has(plain, terms(name)))
    return {
      query: [source, rest || (source ? '' : 'home'), 'power'].filter(Boolean).join(' '),
      deviceClass: 'power',
      plural: rule.plural,
    }
  }
  return {
    query: rest,
    ...(rule?.domain ? { domain: rule.domain } : {}),
    ...(rule?.deviceClass && !rule.keep ? { deviceClass: rule.deviceClass } : {}),
    plural: rule?.plural ?? 'entities',
  }
}

const SOURCES = ['solar', 'grid']

/** True when the text names a kind of thing that has a state. */
export function namesThing(text: string): boolean {
  return has(
    normalise(text),
    NOUNS.flatMap((rule) => rule.any),
  )
}
