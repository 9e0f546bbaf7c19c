import { type Flow, splitFlow } from './flow.ts'

interface Layer {
  readonly from: 'grid' | 'solar'
  kwh: number
}

/**
 * Share of the solar energy that the home itself used, in [0, 1]; null without solar energy. Home Assistant's
 * definition: without a battery what went straight to the home; with one, the buckets are walked in time with a
 * last-in-first-out stack, and solar energy that leaves it counts as used or returned, by where it goes. What leaves an
 * empty stack is ignored. Flows must be in order of time.
 */
export function selfConsumption(flows: readonly Flow[]): number | null {
  const hasBattery = flows.some((flow) => flow.toBattery > 0 || flow.fromBattery > 0)
  let consumed = 0
  let returned = 0
  let solar = 0
  const stack: Layer[] = []
  for (const flow of flows) {
    const split = splitFlow(flow)
    solar += flow.solar
    consumed += split.solarToHome
    returned += split.solarToGrid
    if (!hasBattery) continue
    push(stack, 'grid', split.gridToBattery)
    push(stack, 'solar', split.solarToBattery)
    consumed += drainSolar(stack, split.batteryToHome)
    returned += drainSolar(stack, split.batteryToGrid)
  }
  if (!hasBattery) return solar > 0 ? consumed / solar : null
  return consumed + returned > 0 ? consumed / (consumed + returned) : null
}

function push(stack: Layer[], from: Layer['from'], kwh: number): void {
  if (kwh > 0) stack.push({ from, kwh })
}

/** Takes energy off the top of the stack and tells how much of it was solar. */
function drainSolar(stack: Layer[], kwh: number): number {
  let left = kwh
  let solar = 0
  for (let top = stack.at(-1); top && left > 0; top = stack.at(-1)) {
    const taken = Math.min(top.kwh, left)
    if (top.from === 'solar') solar += taken
    top.kwh -= taken
    left -= taken
    if (top.kwh <= 0) stack.pop()
  }
  return solar
}
