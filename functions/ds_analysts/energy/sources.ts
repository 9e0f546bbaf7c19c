import type {
  DeviceConsumption,
  EnergyPreferences,
  Registries,
  StatisticMeta,
  Supply,
} from '../../../shared/domain/home-data.ts'
import type { HomeSource, ReadOptions } from '../../../shared/home/port.ts'

/** Which statistics make up the home's energy. */
export interface EnergySources {
  readonly gridFrom: readonly string[]
  readonly gridTo: readonly string[]
  readonly solar: readonly string[]
  readonly batteryFrom: readonly string[]
  readonly batteryTo: readonly string[]
  readonly devices: readonly DeviceConsumption[]
  readonly supplies: readonly Supply[]
  /** Statistics in which the home itself keeps what the energy bought from the grid cost. */
  readonly cost: readonly string[]
  /** Power statistic of a meter, where there is one. */
  readonly power: Readonly<Record<string, string>>
  /** How the choice was made where the home does not say, as a sentence; else null. */
  readonly guess: string | null
}

/** Reads the home's energy preferences; without any, chooses by device class and unit and says so. */
export async function findSources(home: HomeSource, options: ReadOptions): Promise<EnergySources> {
  const preferences = await home.energyPreferences(options)
  if (preferences) return fromPreferences(preferences)
  const [registries, statistics] = await Promise.all([home.registries(options), home.statisticIds(options)])
  return guessSources(registries, statistics)
}

function fromPreferences(preferences: EnergyPreferences): EnergySources {
  const { sources, supplies, devices, power } = preferences
  return {
    gridFrom: sources.flatMap((s) => (s.type === 'grid' ? s.from : [])),
    gridTo: sources.flatMap((s) => (s.type === 'grid' ? s.to : [])),
    solar: sources.flatMap((s) => (s.type === 'solar' ? [s.from] : [])),
    batteryFrom: sources.flatMap((s) => (s.type === 'battery' ? [s.from] : [])),
    batteryTo: sources.flatMap((s) => (s.type === 'battery' ? [s.to] : [])),
    devices,
    supplies,
    cost: sources.flatMap((s) => (s.type === 'grid' ? s.cost : [])),
    power,
    guess: null,
  }
}

/**
 * Without preferences the meters are those of device class energy, or in a unit of energy. The one whose name speaks of
 * grid, main or total import is taken for the home's, else the only one there is, with the other registers of the same
 * meter; export, solar and battery are told by their names, and all other meters count as devices.
 */
export function guessSources(registries: Registries, statistics: readonly StatisticMeta[]): EnergySources {
  const entities = new Map(registries.entities.map((entity) => [entity.id, entity]))
  const classOf = (s: StatisticMeta) => entities.get(s.id)?.deviceClass ?? null
  const meters = statistics.filter(
    (s) => s.hasSum && (classOf(s) === 'energy' || (classOf(s) === null && /^[kMG]?Wh$/.test(s.unit))),
  )
  const named = (pattern: RegExp, among: readonly StatisticMeta[]) =>
    among.filter((m) => pattern.test(`${m.id} ${m.name}`))
  const others = (list: readonly StatisticMeta[], ...taken: (readonly StatisticMeta[])[]) =>
    list.filter((m) => !taken.flat().includes(m))
  const battery = named(/batter/i, meters)
  const exported = named(/export|return|feed.?in|to.?grid/i, others(meters, battery))
  const solar = named(/solar|pv\b|photovoltaic/i, others(meters, battery, exported))
  const rest = others(meters, battery, exported, solar)
  const main = named(/grid|main|import|total|house|home/i, rest)
  const first = main[0] ?? (rest.length === 1 ? rest[0] : undefined)
  const grid = first ? rest.filter((m) => m === first || withoutRegister(m) === withoutRegister(first)) : []
  const into = named(/(?<!dis)charg|_in\b|\bin\b|to.?batter/i, battery)[0]
  const out = named(/discharg|_out\b|\bout\b|from.?batter/i, battery)[0]
  const stored = into && out && into !== out ? { into: [into], out: [out] } : { into: [], out: [] }
  const supplies = statistics.flatMap((s): Supply[] => {
    const type = classOf(s)
    return s.hasSum && (type === 'gas' || type === 'water') ? [{ type, statistic: s.id, cost: null }] : []
  })
  const taken = [
    ['main meter', grid],
    ['export meter', exported.slice(0, 1)],
    ['solar meter', solar.slice(0, 1)],
    ['battery', [...stored.out, ...stored.into]],
  ] as const
  return {
    gridFrom: ids(grid),
    gridTo: ids(exported.slice(0, 1)),
    solar: ids(solar.slice(0, 1)),
    batteryFrom: ids(stored.out),
    batteryTo: ids(stored.into),
    devices: others(rest, grid).map((m) => ({ statistic: m.id, name: m.name, includedIn: null })),
    supplies,
    cost: [],
    power: {},
    guess: first
      ? sayChoice(taken)
      : 'No energy preferences are set in the home, and no meter is plainly the main one.',
  }
}

const ids = (meters: readonly StatisticMeta[]) => meters.map((m) => m.id)

/** What was taken for what, as a sentence. */
function sayChoice(taken: readonly (readonly [role: string, meters: readonly StatisticMeta[]])[]): string {
  const said = taken
    .filter(([, meters]) => meters.length > 0)
    .map(([role, meters]) => `${meters.map((m) => m.name).join(' and ')} as its ${role}`)
  const list = said.length > 1 ? `${said.slice(0, -1).join(', ')} and ${said.at(-1)}` : said[0]
  return `No energy preferences are set in the home, so by device class, unit and name Aether took ${list}.`
}

/** A meter's name without what tells its registers apart: `tariff 1`, `low`, `off-peak`, `T2`. */
function withoutRegister({ name }: StatisticMeta): string {
  return name
    .toLowerCase()
    .replace(/\b(?:tariff?|rate|register)?[ _-]*(?:t?\d+|low|normal|high|off[ -]?peak|peak|day|night)\b/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
