import { parentPort, workerData } from 'node:worker_threads'
import { startFakeHomeAssistant } from '../fakes/home-assistant/server.ts'
import { meterOf } from '../fakes/home-assistant/small-world.ts'
import { emptyWorld } from '../fakes/home-assistant/world.ts'

/** A large Home Assistant in a thread of its own, so that it does not share the reader's. */
export interface LargeHome {
  readonly entities: number
  readonly statistics: number
  readonly hours: number
}

const { entities, statistics, hours } = workerData as LargeHome
const now = Math.floor(Date.now() / 3_600_000) * 3_600_000
const world = emptyWorld()
world.areas = Array.from({ length: 40 }, (_, i) => ({ area_id: `area_${i}`, name: `Room ${i}` }))
/** What things are called; a name is one of these and a number. */
const THINGS =
  'Lamp Plug Window Door Motion Humidity Ceiling Desk Blind Valve Pump Oven Fridge Dryer Washer Speaker Camera Fan Heater Radiator Boiler Charger Meter Doorbell Garage Garden Pool Sauna Mower Vacuum Mirror Shelf Stairs Attic Cellar Terrace Pond Gate Fence Mailbox'.split(
    ' ',
  )
const lights: string[] = []
const KINDS = ['light', 'sensor', 'switch', 'binary_sensor'] as const
for (let i = 0; i < entities; i++) {
  const kind = KINDS[i % KINDS.length]!
  const name = `${THINGS[i % THINGS.length]} ${i}`
  const id = `${kind}.${name.toLowerCase().replaceAll(' ', '_')}`
  world.entities.push({ entity_id: id, original_name: name, area_id: `area_${i % 40}`, options: {} })
  world.states.set(id, { state: 'on', attributes: { friendly_name: name }, changedAt: now })
  if (kind === 'light') lights.push(id)
}
world.statistics = Array.from({ length: statistics }, (_, i) =>
  meterOf(`sensor.meter_${i}`, now - hours * 3_600_000, Array(hours).fill(0.5)),
)
world.preferences = {
  energy_sources: [{ type: 'grid', stat_energy_from: 'sensor.meter_0' }],
  device_consumption: [],
}
const fake = await startFakeHomeAssistant({ world, remembers: true })

let storm: ReturnType<typeof setInterval> | null = null
let count = 0
let sent = 0
let since = 0
/** A thousand events a second, however late a timer comes: half of them from one entity, the others from all. */
function burst(): void {
  for (const due = performance.now() - since; sent < due; sent++) {
    count++
    fake.setState(
      (count % 2 === 0 ? lights[1] : lights[count % lights.length]) ?? '',
      count % 3 === 0 ? 'on' : 'off',
      // Now and then one comes with more than anybody keeps.
      count % 1_000 === 0 ? { friendly_name: 'Large', blob: 'x'.repeat(100_000) } : undefined,
    )
  }
}

/** `storm`: a thousand events a second. */
export type Weather = 'storm' | 'calm'

parentPort?.on('message', (message: Weather | 'end') => {
  if (storm) clearInterval(storm)
  sent = 0
  since = performance.now()
  storm = message === 'storm' ? setInterval(burst, 10) : null
  if (message === 'end') void fake.stop().then(() => process.exit(0))
})
parentPort?.postMessage({ url: fake.url, token: fake.token })
