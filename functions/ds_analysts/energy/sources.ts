import type {
  DeviceConsumption,
  EnergyPreferences,
  Registries,
  StatisticMeta,
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
  const { sources, devices, power } = preferences
  return {
    gridFrom: sources.flatMap((s) => (s.type === 'grid' ? s.from : [])),
    gridTo: sources.flatMap((s) => (s.type === 'grid' ? s.to : [])),
    solar: sources.flatMap((s) => (s.type === 'solar' ? [s.from] : [])),
    batteryFrom: sources.flatMap((s) => (s.type === 'battery' ? [s.from] : [])),
    batteryTo: sources.flatMap((s) => (s.type === 'battery' ? [s.to] : [])),
    devices,
    power,
    guess: null,
  }
}

/**
 * Without preferences the meter whose name speaks of grid, main or total import is taken for the home's, else the
 * only one there is, with the other registers of the same meter; all other meters count as devices.
 */
export function guessSources(registries: Registries, statistics: readonly StatisticMeta[]): EnergySources {
  const entities = new Map(registries.entities.map((entity) => [entity.id, entity]))
  const meters = statistics.filter(
    (s) => s.hasSum && (entities.get(s.id)?.deviceClass === 'energy' || /^[kMG]?Wh$/.test(s.unit)),
  )
  const named = (pattern: RegExp) => meters.filter((m) => pattern.test(`${m.id} ${m.name}`))
  const exported = named(/export|return|feed.?in|to.?grid/i)
  const solar = named(/solar|pv\b|photovoltaic/i).filter((m) => !exported.includes(m))
  const main = named(/grid|main|import|total|house|home/i).filter(
    (m) => !exported.includes(m) && !solar.includes(m),
  )
  const rest = meters.filter((m) => !exported.includes(m) && !solar.includes(m))
  const first = main[0] ?? (rest.length === 1 ? rest[0] : undefined)
  const grid = first ? rest.filter((m) => m === first || withoutRegister(m) === withoutRegister(first)) : []
  return {
    gridFrom: grid.map((m) => m.id),
    gridTo: exported.slice(0, 1).map((m) => m.id),
    solar: solar.slice(0, 1).map((m) => m.id),
    batteryFrom: [],
    batteryTo: [],
    devices: rest
      .filter((m) => !grid.includes(m))
      .map((m) => ({ statistic: m.id, name: m.name, includedIn: null })),
    power: {},
    guess: first
      ? `No energy preferences are set in the home, so ${grid.map((m) => m.name).join(' and ')} ${grid.length > 1 ? 'were' : 'was'} taken for its main meter.`
      : 'No energy preferences are set in the home, and no meter is plainly the main one.',
  }
}

/** A meter's name without what tells its registers apart: `tariff 1`, `low`, `off-peak`, `T2`. */
function withoutRegister({ name }: StatisticMeta): string {
  return name
    .toLowerCase()
    .replace(/\b(?:tariff?|rate|register)?[ _-]*(?:t?\d+|low|normal|high|off[ -]?peak|peak|day|night)\b/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
