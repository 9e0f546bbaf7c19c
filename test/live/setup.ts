import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { fetchReleases } from '../../infrastructure/live/fetch.mjs'
import { furnish } from './furnish.ts'
import { generateHousehold } from './generated-household.ts'
import { type RunningHomeAssistant, startHomeAssistant } from './home-assistant.ts'
import type { Household } from './household.ts'
import { parseHouseholdFile } from './household-file.ts'

/** A release that runs and is furnished, or why it could not be had. */
export type LiveHome = { readonly version: string } & (
  | { readonly url: string; readonly token: string; readonly python: string }
  | { readonly reason: string }
)

declare module 'vitest' {
  export interface ProvidedContext {
    homes: readonly LiveHome[]
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
  const place = makePlace()
  const running: RunningHomeAssistant[] = []
  const stop = async () => {
    await Promise.all(running.map((each) => each.stop()))
    remove(place)
    for (const each of fetched) if ('reason' in each) say(`${each.version} was not run: ${each.reason}`)
  }
  try {
    const homes: LiveHome[] = []
    for (const { version, ...had } of fetched) {
      if ('reason' in had) {
        homes.push({ version, ...had })
        continue
      }
      const home = await startHomeAssistant(had.python, place)
      running.push(home)
      await furnish(home, household)
      say(`Home Assistant ${version} runs with ${household.readings.length} hours of a household`)
      homes.push({ version, url: home.url, token: home.token, python: had.python })
    }
    project.provide('homes', homes)
    project.provide('household', household)
    project.provide('place', place)
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

/** A folder that is gone after the run, also when Ctrl-C ends it. Other users may walk through it, as the sandbox's has to. */
function makePlace(): string {
  const place = mkdtempSync(join(tmpdir(), 'aether-live-'))
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
