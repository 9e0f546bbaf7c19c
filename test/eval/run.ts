import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMlflow } from '../../shared/tracing/mlflow/client.ts'
import { oneProcess } from '../harness/one-process.ts'
import { CASES, PRESENTS } from './cases.ts'
import { type Means, meansOf, worseThan } from './gate.ts'
import { askFor, type Sample } from './sample.ts'
import { type ScorerName, scoreOf, type Truth } from './scorers.ts'
import { storedSamples } from './stored.ts'

/**
 * `make eval`: scores answers to questions about generated homes, whose truth is known, against the last recorded
 * result; `EVAL=stored` scores the answered runs of this installation instead, of which no truth is known.
 * `RECORD=1` records the result. MLFLOW_TRACKING_URI logs it as a run.
 */
const USAGE = 'Usage: make eval [EVAL=homes|stored] [RECORD=1]'
const STORED = 100

const dataset = process.env.EVAL || 'homes'
if (dataset !== 'homes' && dataset !== 'stored') {
  console.error(USAGE)
  process.exit(1)
}
const startMs = Date.now()
const scored = dataset === 'homes' ? await evaluateHomes() : await evaluateStored()
if (scored.length === 0) {
  console.error('There are no answered runs yet. Ask something first, or use EVAL=homes.')
  process.exit(1)
}
const means = meansOf(scored)
print(means)
await logToMlflow(means, startMs)
process.exitCode = gate(means)

interface Scored extends Sample {
  readonly scores: ReturnType<typeof scoreOf>
}

function score(sample: Sample, truth: Truth | null): Scored {
  const scores = scoreOf(sample, truth)
  const faults = Object.entries(scores).flatMap(([name, each]) =>
    each && each.value < 1 ? [`${name} ${each.value.toFixed(2)}: ${each.why}`] : [],
  )
  const mark = faults.length === 0 ? 'ok' : 'NO'
  console.log(
    `${mark}  ${sample.name.padEnd(34)} ${sample.seconds.toFixed(1).padStart(6)} s ${String(sample.tokens).padStart(7)} tokens`,
  )
  for (const fault of faults) console.log(`      ${fault}`)
  return { ...sample, scores }
}

async function evaluateHomes(): Promise<Scored[]> {
  const scored: Scored[] = []
  for (const [season, present] of Object.entries(PRESENTS)) {
    const deployment = await oneProcess.start({ now: Date.parse(present) })
    try {
      for (const expected of CASES) {
        const sample = await askFor(deployment, `${season}: ${expected.name}`, expected.question)
        scored.push(score(sample, { expected, demo: deployment.demo }))
      }
    } finally {
      await deployment.stop()
    }
  }
  return scored
}

async function evaluateStored(): Promise<Scored[]> {
  return (await storedSamples(STORED)).map((sample) => score(sample, null))
}

function print({ samples, scores, tokens, seconds }: Means): void {
  console.log(`\n${samples} answers`)
  for (const [name, value] of Object.entries(scores)) console.log(`  ${name.padEnd(14)} ${value.toFixed(3)}`)
  console.log(`  ${'tokens'.padEnd(14)} ${Math.round(tokens)}`)
  console.log(`  ${'seconds'.padEnd(14)} ${seconds.toFixed(2)}`)
}

/** Only the generated homes have a recorded result: an installation's runs are its own. */
function gate(now: Means): number {
  const file = join(import.meta.dirname, 'recorded.json')
  if (dataset !== 'homes') return 0
  if (process.env.RECORD === '1') {
    // Without the seconds, which are this machine's.
    const { seconds: _, ...kept } = now
    writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`)
    console.log('recorded')
    return 0
  }
  if (!existsSync(file)) return 0
  const worse = worseThan(now, {
    seconds: 0,
    ...(JSON.parse(readFileSync(file, 'utf8')) as Omit<Means, 'seconds'>),
  })
  for (const each of worse) console.error(`worse: ${each}`)
  if (worse.length === 0) console.log('no worse than the recorded result')
  return worse.length === 0 ? 0 : 1
}

async function logToMlflow(now: Means, begun: number): Promise<void> {
  const uri = process.env.MLFLOW_TRACKING_URI?.replace(/\/+$/, '')
  if (!uri) return
  const signal = AbortSignal.timeout(15_000)
  try {
    const mlflow = createMlflow({ uri, fetch: (request) => fetch(request), authorization: null })
    const experiment = await mlflow.experimentId(process.env.MLFLOW_EXPERIMENT_NAME || 'aether', signal)
    const metrics: Partial<Record<ScorerName | string, number>> = {
      ...now.scores,
      tokens: now.tokens,
      seconds: now.seconds,
    }
    const run = {
      name: `eval ${dataset}`,
      startMs: begun,
      endMs: Date.now(),
      params: { dataset, samples: String(now.samples), commit: commitOf() },
      metrics: metrics as Record<string, number>,
      tags: {},
    }
    console.log(`logged to MLflow as run ${await mlflow.logRun(experiment, run, signal)}`)
  } catch (error) {
    console.error(`not logged: ${error instanceof Error ? error.message : error}`)
  }
}

function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
