import { afterAll, beforeAll, describe } from 'vitest'
import type { Deployment, DeploymentOptions, Topology } from './harness/deployment.ts'
import { miniflare } from './harness/miniflare.ts'
import { oneProcess } from './harness/one-process.ts'
import { separateProcesses } from './harness/separate-processes.ts'

/** The ways to put the services together. */
const TOPOLOGIES: readonly Topology[] = [oneProcess, separateProcesses, miniflare]

/** Runs the same scenarios in every topology that can have the options, each on a deployment of its own that ends with them. */
export function describeMatrix(
  name: string,
  options: DeploymentOptions,
  scenarios: (deployment: () => Deployment) => void,
): void {
  for (const topology of TOPOLOGIES) {
    const reason = topology.cannot(options)
    if (reason !== null) {
      describe.skip(`${name}, ${topology.name} (skipped: ${reason})`, () => scenarios(missing))
      continue
    }
    describe(`${name}, ${topology.name}`, () => {
      let deployment: Deployment | null = null
      beforeAll(async () => {
        deployment = await topology.start(options)
      })
      afterAll(async () => {
        await deployment?.stop()
      })
      scenarios(() => deployment ?? missing())
    })
  }
}

function missing(): never {
  throw new Error('the deployment is not there yet')
}
