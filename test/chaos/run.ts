import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openContainers } from './containers.ts'
import type { Fault } from './fault.ts'
import { agentKilled } from './faults/agent-killed.ts'
import { clockJumps } from './faults/clock-jumps.ts'
import { gatewayKilled } from './faults/gateway-killed.ts'
import { killedUnderLoad } from './faults/killed-under-load.ts'
import { leaseHolderKilled } from './faults/lease-holder-killed.ts'
import { postgresDisturbed } from './faults/postgres-disturbed.ts'
import { rollingRestart } from './faults/rolling-restart.ts'
import { slowSenders } from './faults/slow-senders.ts'
import { stalledReaders } from './faults/stalled-readers.ts'
import { startTogether } from './faults/start-together.ts'
import { openWorld } from './world.ts'

/**
 * `make chaos`: faults done to a real team on loopback, and a judge over what clients saw, Postgres keeps and the model
 * was asked. A few of each; FULL=1 takes the counts of a release, CHAOS=F1,F4 those rows alone.
 */
const FAULTS: readonly Fault[] = [
  gatewayKilled,
  agentKilled,
  leaseHolderKilled,
  postgresDisturbed,
  stalledReaders,
  slowSenders,
  rollingRestart,
  clockJumps,
  startTogether,
  killedUnderLoad,
]

const full = process.env.FULL === '1'
/** CHAOS_IN=containers takes the team that `make run-distributed` has started. */
const isShared = process.env.CHAOS_IN === 'containers'
const open = isShared ? openContainers : openWorld
const wanted = (process.env.CHAOS ?? '').split(',').filter((id) => id !== '')
const IN_CONTAINERS = ['F1', 'F2', 'F3']
const known = FAULTS.map((fault) => fault.id).filter((id) => !isShared || IN_CONTAINERS.includes(id))
const unknown = wanted.filter((id) => !known.includes(id))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. CHAOS takes ${known.join(', ')}.`)
  process.exit(2)
}
const rows = []
for (const fault of FAULTS) {
  if (!known.includes(fault.id) || (wanted.length > 0 && !wanted.includes(fault.id))) continue
  const since = Date.now()
  const outcome = await fault
    .run({ full, open, isShared, say: (line) => console.error(`  ${line}`) })
    .catch((error: unknown) => ({
      did: 'could not be carried out',
      saw: '',
      violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    }))
  const held = outcome.violations.length === 0
  console.log(
    `${fault.id} ${held ? 'held' : 'NOT HELD'}: ${fault.title} (${Math.round((Date.now() - since) / 1000)} s)`,
  )
  console.log(`  did: ${outcome.did}\n  saw: ${outcome.saw}`)
  for (const violation of outcome.violations.slice(0, 20)) console.log(`  violation: ${violation}`)
  rows.push({ id: fault.id, title: fault.title, held, ...outcome })
}
const folder = join(import.meta.dirname, 'results')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'latest.json'), `${JSON.stringify({ full, rows }, null, 2)}\n`)
process.exitCode = rows.every((row) => row.held) ? 0 : 1
