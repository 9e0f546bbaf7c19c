import { readFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { fetchReleases } from '../../infrastructure/live/fetch.mjs'
import { furnish } from './furnish.ts'
import { generateHousehold } from './generated-household.ts'
import { type RunningHomeAssistant, startHomeAssistant } from './home-assistant.ts'
import type { Household } from './household.ts'
import { parseHouseholdFile } from './household-file.ts'

/** A release that runs and is furnished, or why it could not be had. */
export type LiveHome = { readonly version: string } & (
  | { readonly url: string; readonly token: string }
  | { readonly reason: string }
)

declare module 'vitest' {
  export interface ProvidedContext {
    homes: readonly LiveHome[]
    household: Household
  }
}

const say = (line: string) => console.log(`test-live: ${line}`)

/** Fetches, starts and furnishes every release before the tests, and ends them after. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const household = readHousehold(process.env.LIVE_HOUSEHOLD)
  const fetched = await fetchReleases(process.env, say)
  const running: RunningHomeAssistant[] = []
  const stop = async () => {
    await Promise.all(running.map((each) => each.stop()))
    for (const each of fetched) if ('reason' in each) say(`${each.version} was not run: ${each.reason}`)
  }
  try {
    const homes: LiveHome[] = []
    for (const { version, ...had } of fetched) {
      if ('reason' in had) {
        homes.push({ version, ...had })
        continue
      }
      const home = await startHomeAssistant(had.python)
      running.push(home)
      await furnish(home, household)
      say(`Home Assistant ${version} runs with ${household.readings.length} hours of a household`)
      homes.push({ version, url: home.url, token: home.token })
    }
    project.provide('homes', homes)
    project.provide('household', household)
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

function readHousehold(path: string | undefined): Household {
  return path ? parseHouseholdFile(readFileSync(path, 'utf8')) : generateHousehold()
}
