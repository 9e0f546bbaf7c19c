import { describe, type ExpectStatic, inject, it } from 'vitest'
import { ask, read } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'
import { startAether } from './aether.ts'
import { type RunningHomeAssistant, startHomeAssistant } from './home-assistant.ts'
import { describeReleases } from './releases.ts'

/** As long as it may take after the home is back. */
const BACK_MS = 10_000
const QUESTION = 'Which lights are on?'

interface Status {
  readonly started_at: string
  readonly dependencies: readonly {
    readonly kind: string
    readonly state: string
    readonly code: string | null
    readonly next: string | null
  }[]
}

async function homeStatus(aether: Pick<Deployment, 'fetch'>) {
  const { started_at, dependencies } = await read<Status>(aether, '/api/v1/status')
  return { started_at, ...dependencies.find((each) => each.kind === 'home') }
}

/** Takes the home away under a running question, and brings it back. Tests that run side by side each have their own `expect`. */
async function goAndComeBack(
  expect: ExpectStatic,
  {
    home,
    aether,
    how,
  }: {
    readonly home: RunningHomeAssistant
    readonly aether: Pick<Deployment, 'fetch'>
    readonly how: 'kill' | 'stop'
  },
): Promise<void> {
  const known = async () => (await homeStatus(aether)).state
  const why = async () => (await homeStatus(aether)).code
  const before = (await ask(aether, QUESTION)).text
  expect(before).toMatch(/\d+ of \d+ lights are on/)
  const { started_at } = await homeStatus(aether)
  const during = ask(aether, 'How much energy did I use in the last 30 days?')
  await home[how]()
  expect((await during).done).toBe(true)
  await expect.poll(why, { timeout: BACK_MS, interval: 100 }).toBe('unreachable')
  expect(await homeStatus(aether)).toMatchObject({ state: 'down', next: expect.stringContaining('HA_URL') })
  const away = await ask(aether, QUESTION)
  expect(away.done).toBe(true)
  const said = away.text + away.chunks.map((chunk) => chunk.error?.message ?? '').join('')
  expect(said).toContain('HA_URL')
  await home.restart()
  await expect.poll(known, { timeout: BACK_MS, interval: 100 }).toBe('ok')
  expect((await ask(aether, QUESTION)).text).toBe(before)
  expect((await homeStatus(aether)).started_at).toBe(started_at)
}

// Most of it is waiting, so the releases go through it side by side.
describeReleases(
  'a home that goes and comes back',
  (release) => {
    it('is said to be gone, each question ends, and it is read again without a restart of Aether', async ({
      expect,
    }) => {
      const home = await startHomeAssistant(release.python, inject('place'))
      try {
        const aether = await startAether(home, null)
        try {
          await goAndComeBack(expect, { home, aether, how: 'kill' })
          await goAndComeBack(expect, { home, aether, how: 'stop' })
        } finally {
          await aether.stop()
        }
      } finally {
        await home.stop()
      }
    }, 180_000)
  },
  describe.concurrent,
)
