import type { Device } from '../../domain/home-data.ts'
import { type DeviceSpec, toDevice } from './devices.ts'
import { createEnergy } from './energy.ts'
import { energyThings } from './energy-things.ts'
import { houseThings, roomThings, sensorThings } from './house-things.ts'
import { createLights, createMotion } from './lights.ts'
import { createMeters, type Meters, simulationStart } from './meters.ts'
import { createPeople } from './people.ts'
import { createRoutines, type Routine } from './routines.ts'
import { createScenario, type Scenario } from './scenario.ts'
import type { Thing } from './thing.ts'
import { createTracks } from './tracks.ts'
import { createWeather } from './weather.ts'

/** Everything that the demo home is made of. */
export interface Simulation {
  readonly things: ReadonlyMap<string, Thing>
  readonly devices: readonly Device[]
  readonly routines: readonly Routine[]
  readonly scenario: Scenario
  readonly meters: Meters
}

const hallwayChance = (minute: number) => (minute < 480 || minute > 1000 ? 0.45 : 0.1)

/** Wires the simulation of a seed for a home made at `made` (epoch ms). */
export function createSimulation(seed: number, made: number): Simulation {
  const weather = createWeather(seed)
  const people = createPeople(seed)
  const scenario = createScenario(seed, made)
  const hallway = createMotion(seed, 'hallway', hallwayChance)
  const lights = createLights(seed, weather, hallway)
  const routines = createRoutines({ seed, weather, people, hallway })
  const tracks = createTracks({ seed, people, routines, hallway })
  const parts: readonly { things: readonly Thing[]; specs: readonly DeviceSpec[] }[] = [
    energyThings(),
    roomThings({ seed, weather, scenario }),
    sensorThings({ seed, scenario, tracks }),
    houseThings({ lights, tracks, routines }),
  ]
  const energy = createEnergy({ seed, weather, people, scenario, lights })
  return {
    things: new Map(parts.flatMap((part) => part.things.map((thing) => [thing.entity.id, thing] as const))),
    devices: parts.flatMap((part) => part.specs.map(toDevice)),
    routines,
    scenario,
    meters: createMeters(energy, simulationStart(made)),
  }
}
