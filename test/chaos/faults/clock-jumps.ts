import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../fault.ts'
import { judge } from '../judge.ts'
import { sayVerdict } from '../verdict.ts'
import { wave } from '../waves.ts'
import { openWorld } from '../world.ts'

/** Of Debian's package `faketime`: it tells a process another wall clock. Timers go on by the steady one. */
const LIBRARIES = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`)
const HOUR_S = 3_600

interface Jump {
  readonly name: string
  /** Seconds that the clock is off, one after the other. */
  readonly offsets: readonly number[]
}

/** The wall clock of every process jumps while runs are at work; the database's own stays. */
export const clockJumps: Fault = {
  id: 'F11',
  title: 'clock jumps of an hour, daylight saving, leap second',
  async run({ say }) {
    const library = LIBRARIES.find((path) => existsSync(path))
    if (library === undefined)
      return { did: 'nothing', saw: '', violations: ["not run: Debian's package faketime is not installed"] }
    const folder = mkdtempSync(join(tmpdir(), 'aether-clock-'))
    const file = join(folder, 'offset')
    const set = (offset: number) => writeFileSync(file, `${offset < 0 ? '-' : '+'}${Math.abs(offset)}`)
    set(0)
    const world = await openWorld({
      count: 2,
      thinkMs: 300,
      env: {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        DONT_FAKE_MONOTONIC: '1',
        TZ: 'Europe/Amsterdam',
      },
    })
    try {
      for (const { name, offsets } of jumps()) {
        say(`F11: ${name}`)
        await wave(world, { questions: 5, withinMs: 600 }, async () => {
          for (const offset of offsets) {
            set(offset)
            await sleep(700)
          }
        })
        set(0)
        await sleep(500)
      }
      const verdict = await judge(world)
      return {
        did: `${jumps().length} jumps under 5 questions each, two gateways`,
        saw: sayVerdict(verdict),
        violations: [...verdict.violations, ...(verdict.resumed > 0 ? ['a lease was stolen'] : [])],
      }
    } finally {
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

function jumps(): readonly Jump[] {
  // Ten seconds before the clocks of Europe go back, so that the change itself passes under the runs.
  const winter = Math.round((Date.parse('2026-10-25T01:00:00Z') - 1_000 - Date.now()) / 1_000)
  const summer = Math.round((Date.parse('2027-03-28T01:00:00Z') - 1_000 - Date.now()) / 1_000)
  return [
    { name: 'an hour ahead', offsets: [HOUR_S] },
    { name: 'an hour back', offsets: [-HOUR_S] },
    { name: 'ahead and back', offsets: [HOUR_S, 0, -HOUR_S, 0] },
    { name: 'into winter time', offsets: [winter] },
    { name: 'into summer time', offsets: [summer] },
    { name: 'a leap second: the same second twice', offsets: [-1] },
  ]
}
