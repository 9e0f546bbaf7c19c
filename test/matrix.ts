import { afterAll, beforeAll, describe } from 'vitest'
import type { Deployment, DeploymentOptions, Topology } from './harness/deployment.ts'
import { oneProcess } from './harness/one-process.ts'

/** The ways to put the services together; separate processes and Miniflare join when they exist. */
const TOPOLOGIES: readonly Topology[] = [oneProcess]

/** Runs the same scenarios in every topology, each on a deployment of its own that ends with them. */
export function describeMatrix(
  name: string,
  options: DeploymentOptions,
  scenarios: (deployment: () => Deployment) => void,
): void {
  describe.each(TOPOLOGIES)(`${name}, $name`, (topology) => {
    let deployment: Deployment | null = null
    beforeAll(async () => {
      deployment = await topology.start(options)
    })
    afterAll(async () => {
      await deployment?.stop()
    })
    scenarios(() => {
      if (!deployment) throw new Error('the deployment is not there yet')
      return deployment
    })
  })
}
