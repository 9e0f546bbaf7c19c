import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { ask, read } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'
import { startAether } from './aether.ts'
import { type RunningHomeAssistant, startHomeAssistant } from './home-assistant.ts'
import { tariffOf } from './household.ts'
import { describeReleases } from './releases.ts'

/** As long as it may take after the home is back. */
const BACK_MS = 10_000
const QUESTION = 'Which lights are on?'

interface Status {
  readonly started_at: string
  readonly dependencies: readonly {
    readonly kind: string
    readonly state: string
    readonly code: string
    readonly next: string | null
  }[]
}

describeReleases('a home that goes and comes back', (release) => {
  let home: RunningHomeAssistant
  let aether: Pick<Deployment, 'fetch' | 'stop'>
  let before: string
  beforeAll(async () => {
    home = await startHomeAssistant(release.python, inject('place'))
    aether = await startAether(home, tariffOf(inject('household')))
    before = (await ask(aether, QUESTION)).text
  }, 120_000)
  afterAll(async () => {
    await aether?.stop()
    await home?.stop()
  })

  const status = () => read<Status>(aether, '/api/v1/status')
  const homeStatus = async () => (await status()).dependencies.find((each) => each.kind === 'home')
  const known = async () => (await homeStatus())?.state

  it.each(['kill', 'stop'] as const)(
    'after %s it is said to be gone, each question ends, and it is read again without a restart of Aether',
    async (how) => {
      expect(before).toMatch(/\d+ of \d+ lights are on/)
      const { started_at } = await status()
      // One question is under way while it goes.
      const during = ask(aether, 'How much energy did I use in the last 30 days?')
      await home[how]()
      expect((await during).done).toBe(true)
      await expect.poll(known, { timeout: BACK_MS, interval: 100 }).not.toBe('ok')
      const { code, next } = (await homeStatus()) ?? {}
      expect(['unreachable', 'cut']).toContain(code)
      expect(next).toMatch(/\S/)
      const away = await ask(aether, QUESTION)
      expect(away.done).toBe(true)
      const said = away.text + away.chunks.map((chunk) => chunk.error?.message ?? '').join('')
      expect(said).toContain('HA_URL')
      await home.restart()
      await expect.poll(known, { timeout: BACK_MS, interval: 100 }).toBe('ok')
      expect((await ask(aether, QUESTION)).text).toBe(before)
      expect((await status()).started_at).toBe(started_at)
    },
    120_000,
  )
})
