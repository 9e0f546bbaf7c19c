import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { fetchReleases } from '../../infrastructure/live/fetch.mjs'
import { fetchMlflow } from '../../infrastructure/live/mlflow.mjs'
import { furnish } from './furnish.ts'
import { generateHousehold } from './generated-household.ts'
import { startHomeAssistant } from './home-assistant.ts'
import type { Household } from './household.ts'
import { parseHouseholdFile } from './household-file.ts'
import { startMlflow } from './mlflow.ts'

/** A release that runs and is furnished, or why it could not be had. */
export type LiveHome = { readonly version: string } & (
  | { readonly url: string; readonly token: string; readonly python: string }
  | { readonly reason: string }
)

/** A trace server that runs, or why it could not be had. */
export type LiveMlflow = { readonly version: string } & (
  | { readonly url: string }
  | { readonly reason: string }
)

declare module 'vitest' {
  export interface ProvidedContext {
    homes: readonly LiveHome[]
    mlflow: LiveMlflow
    household: Household
    /** For all that a run writes; gone at its end. */
    place: string
  }
}

const say = (line: string) => console.log(`test-live: ${line}`)

/** Fetches, starts and furnishes every release before the tests, and ends them after. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const household = readHousehold(process.env.LIVE_HOUSEHOLD)
  const fetched = await fetchReleases(process.env, say)
  const tracing = await fetchMlflow(process.env, say)
  const place = makePlace()
  const running: { stop(): Promise<void> }[] = []
  const stop = async () => {
    await Promise.all(running.map((each) => each.stop()))
    remove(place)
    for (const each of [...fetched, tracing])
      if ('reason' in each) say(`${each.version} was not run: ${each.reason}`)
  }
  try {
    const server = 'bin' in tracing ? startMlflow(tracing.bin, place) : null
    const starting = await Promise.allSettled(
      fetched.map(async ({ version, ...had }): Promise<LiveHome> => {
        if ('reason' in had) return { version, ...had }
        const home = await startHomeAssistant(had.python, place)
        running.push(home)
        await furnish(home, household)
        say(`Home Assistant ${version} runs with ${household.readings.length} hours of a household`)
        return { version, url: home.url, token: home.token, python: had.python }
      }),
    )
    const homes = starting.map((each) => {
      if (each.status === 'rejected') throw each.reason
      return each.value
    })
    const mlflow = await server
    if (mlflow) {
      running.push(mlflow)
      say(`MLflow ${tracing.version} runs`)
    }
    project.provide('homes', homes)
    const { version } = tracing
    project.provide('mlflow', mlflow ? { version, url: mlflow.url } : { version, reason: reasonOf(tracing) })
    project.provide('household', household)
    project.provide('place', place)
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * A folder that is gone after the run, also when Ctrl-C or SIGTERM ends it; what a killed run has left goes with the next
 * one. Other users may walk through it, as the sandbox's has to.
 */
function makePlace(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^aether-live-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) remove(join(tmpdir(), name))
  }
  const place = mkdtempSync(join(tmpdir(), `aether-live-${process.pid}-`))
  chmodSync(place, 0o755)
  process.once('exit', () => remove(place))
  return place
}

function remove(place: string): void {
  rmSync(place, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

function readHousehold(path: string | undefined): Household {
  return path ? parseHouseholdFile(readFileSync(path, 'utf8')) : generateHousehold()
}

const reasonOf = (fetched: object) => ('reason' in fetched ? String(fetched.reason) : 'it did not start')
