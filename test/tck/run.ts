import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openKit } from './kit.ts'
import { startOnNode } from './on-node.ts'
import { startOnWorkers } from './on-workers.ts'
import type { Profile } from './profile.ts'

/**
 * Runs the A2A conformance kit (a checkout of a2aproject/a2a-tck, branch 1.0-dev, named by TCK) against the test-only
 * agent, served by Node and by workers, with and without streaming and push notifications. PROFILE, the beginning of a
 * name below, runs those alone.
 */
const PROFILES: readonly Profile[] = [
  { name: 'Node, Postgres, streaming and push', streaming: true, push: true, start: startOnNode },
  { name: 'Node, memory, streaming alone', streaming: true, push: false, start: startOnNode },
  { name: 'Node, Postgres, push alone', streaming: false, push: true, start: startOnNode },
  { name: 'Node, memory, neither', streaming: false, push: false, start: startOnNode },
  { name: 'workers, Postgres, streaming and push', streaming: true, push: true, start: startOnWorkers },
  { name: 'workers, Postgres, streaming alone', streaming: true, push: false, start: startOnWorkers },
  { name: 'workers, Postgres, push alone', streaming: false, push: true, start: startOnWorkers },
  { name: 'workers, Postgres, neither', streaming: false, push: false, start: startOnWorkers },
]

async function main(): Promise<number> {
  const folder = resolve(process.env.TCK ?? '')
  if (!process.env.TCK || !existsSync(join(folder, 'tests/compatibility'))) {
    console.error('TCK must name a checkout of github.com/a2aproject/a2a-tck, branch 1.0-dev.')
    return 2
  }
  const profiles = PROFILES.filter(({ name }) => name.startsWith(process.env.PROFILE ?? ''))
  if (profiles.length === 0) {
    console.error(`PROFILE must be the beginning of one of: ${PROFILES.map(({ name }) => name).join('; ')}.`)
    return 2
  }
  const kit = await openKit(folder)
  let failed = 0
  for (const { name, streaming, push, start } of profiles) {
    const host = await start({ streaming, push })
    try {
      const { passed, closing, note, output } = await kit.test(host.url, streaming)
      if (!passed) console.error(output)
      console.log(`${name}: ${closing}`)
      if (note !== null) console.log(`  ${note}`)
      if (!passed) failed++
    } finally {
      await host.stop()
    }
  }
  return failed === 0 ? 0 : 1
}

process.exitCode = await main()
