import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { findSandbox } from '../../infrastructure/gvisor/find.ts'
import { findBinaries } from '../../infrastructure/node/postgres/binaries.ts'
import { benchChain } from './chain.ts'
import { benchDurable } from './durable.ts'
import { benchDurableHop } from './durable-hop.ts'
import { benchDurableStream } from './durable-stream.ts'
import { benchFirstToken } from './first-token.ts'
import { benchHome } from './home.ts'
import { benchHop, benchHttpHop } from './hop.ts'
import type { Ratio } from './rounds.ts'
import { benchSandbox } from './sandbox.ts'
import { benchStorm } from './storm.ts'
import { benchStream } from './stream.ts'
import { benchThroughput } from './throughput.ts'
import { benchTracing } from './tracing.ts'
import { benchWorkers } from './workers.ts'

/** `make bench`: timings as ratios to a floor of the same run. More benches join as the parts they measure grow. */
const BENCHES: Readonly<Record<string, () => Promise<Ratio[]>>> = {
  hop: benchHop,
  http_hop: benchHttpHop,
  durable: benchDurable,
  durable_hop: benchDurableHop,
  durable_stream: benchDurableStream,
  chain: benchChain,
  stream: benchStream,
  first_token: benchFirstToken,
  throughput: benchThroughput,
  sandbox: benchSandbox,
  home: benchHome,
  tracing: benchTracing,
  storm: benchStorm,
  workers: benchWorkers,
}
/** Above this load a timing says more about the neighbours than about us. */
const MOST_LOAD = 1.5

const load = loadavg()[0] ?? 0
if (load > MOST_LOAD && process.env.BENCH_ANYWAY !== '1') {
  console.error(`The machine is busy (load ${load.toFixed(1)}): wait, or set BENCH_ANYWAY=1.`)
  process.exit(1)
}
const results: Record<string, Ratio[]> = {}
// `BENCH=sandbox make bench` takes that one alone.
const wanted = process.env.BENCH ?? ''
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted !== '' && name !== wanted) continue
  const rows = await bench()
  results[name] = rows
  console.log(`\n${name}`)
  for (const row of rows) console.log(`  ${toLine(row)}`)
}
const found = await findSandbox(process.env)
const fingerprint = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory_gb: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
  postgres: findBinaries().version,
  runsc: 'runscVersion' in found ? `${found.runscVersion} systrap` : 'none',
  commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
  load,
}
const folder = join(import.meta.dirname, 'results')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'latest.json'), `${JSON.stringify({ fingerprint, results }, null, 2)}\n`)

function toLine(row: Ratio): string {
  const name = row.name.padEnd(44)
  const ratio = `${row.ratio.toFixed(3).padStart(8)} × ${row.against ?? 'floor'}`
  const p95 = row.p95 === undefined ? '' : `, p95 ${row.p95.toFixed(1)} ms`
  const p99 = row.p99 === undefined ? '' : `, p99 ${row.p99.toFixed(1)} ms`
  const toFloors = row.p99Ratio === undefined ? '' : ` (${row.p99Ratio.toFixed(2)} ×)`
  const counts = Object.entries(row.counts ?? {}).map(([what, count]) => `, ${count} ${what}`)
  return `${name} ${ratio} (${row.least.toFixed(3)} to ${row.largest.toFixed(3)})  p50 ${row.ms.toFixed(2)} ms${p95}${p99}${toFloors}${counts.join('')}`
}
