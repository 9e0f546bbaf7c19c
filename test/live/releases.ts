import { describe, inject } from 'vitest'

/** A Home Assistant that runs. */
export interface RunningRelease {
  readonly version: string
  readonly url: string
  readonly token: string
  /** The interpreter that it runs by, for a test that needs one of its own. */
  readonly python: string
}

type Describe = (name: string, tests: () => void) => void

/** Runs the same tests on every release; where one could not be had they are reported as not run, with the reason. */
export function describeReleases(
  name: string,
  tests: (home: RunningRelease) => void,
  as: Describe = describe,
): void {
  for (const home of inject('homes'))
    if ('reason' in home)
      describe.skip(`${name}, Home Assistant ${home.version} (not run: ${home.reason})`, () =>
        tests({ version: home.version, url: 'http://127.0.0.1:9', token: '', python: '' }))
    else as(`${name}, Home Assistant ${home.version}`, () => tests(home))
}
