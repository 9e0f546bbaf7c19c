/** Meters of one hour, kWh; null where a meter has no row. */
export interface Hour {
  readonly fromGrid?: number | null
  readonly toGrid?: number | null
  readonly solar?: number | null
  readonly fromBattery?: number | null
  readonly toBattery?: number | null
}

export interface Reference {
  readonly consumption: number
  readonly selfSufficiency: number | null
  readonly selfConsumption: number | null
  /** Sums of the flows, in the order of Home Assistant's steps. */
  readonly flows: Readonly<Record<string, number>>
}

/**
 * Home Assistant's formulas, written for this test from their description alone: every hour is a vector of what is left
 * of each source and of what each sink still wants, and the eight steps move energy from the one to the other.
 */
export function reference(hours: readonly Hour[]): Reference {
  const flows: Record<string, number> = {}
  const layers: { solar: boolean; left: number }[] = []
  const battery = hours.some((hour) => (hour.toBattery ?? 0) > 0 || (hour.fromBattery ?? 0) > 0)
  let consumption = 0
  let bought = 0
  let sun = 0
  let ownUse = 0
  let givenAway = 0
  for (const hour of hours) {
    const clamp = (value: number | null | undefined) => Math.max(0, value ?? 0)
    const left = { grid: clamp(hour.fromGrid), solar: clamp(hour.solar), battery: clamp(hour.fromBattery) }
    const used = left.grid + left.solar + left.battery - clamp(hour.toGrid) - clamp(hour.toBattery)
    const wants = { home: Math.max(0, used), grid: clamp(hour.toGrid), battery: clamp(hour.toBattery) }
    consumption += used
    bought += left.grid
    sun += left.solar
    const moved: Record<string, number> = {}
    const move = (from: keyof typeof left, to: keyof typeof wants, most = Number.POSITIVE_INFINITY) => {
      const amount = Math.max(0, Math.min(left[from], wants[to], most))
      left[from] -= amount
      wants[to] -= amount
      moved[`${from}>${to}`] = (moved[`${from}>${to}`] ?? 0) + amount
    }
    move('grid', 'battery', left.grid - wants.home)
    move('solar', 'battery')
    move('solar', 'grid')
    move('battery', 'grid')
    move('grid', 'battery')
    move('solar', 'home')
    move('battery', 'home')
    move('grid', 'home')
    for (const [name, amount] of Object.entries(moved)) flows[name] = (flows[name] ?? 0) + amount
    ownUse += moved['solar>home'] ?? 0
    givenAway += moved['solar>grid'] ?? 0
    if (!battery) continue
    layers.push(
      { solar: false, left: moved['grid>battery'] ?? 0 },
      { solar: true, left: moved['solar>battery'] ?? 0 },
    )
    ownUse += drain(layers, moved['battery>home'] ?? 0)
    givenAway += drain(layers, moved['battery>grid'] ?? 0)
  }
  const base = Math.max(0, consumption)
  return {
    consumption,
    selfSufficiency: base === 0 ? null : 1 - Math.min(1, bought / base),
    selfConsumption: sun === 0 ? null : battery ? ownUse / (ownUse + givenAway) : ownUse / sun,
    flows,
  }
}

/** Takes energy off the top; gives how much of it was solar. */
function drain(layers: { solar: boolean; left: number }[], wanted: number): number {
  let solar = 0
  let rest = wanted
  while (rest > 0 && layers.length > 0) {
    const top = layers[layers.length - 1]!
    const taken = Math.min(top.left, rest)
    top.left -= taken
    rest -= taken
    if (top.solar) solar += taken
    if (top.left <= 0) layers.pop()
  }
  return solar
}
