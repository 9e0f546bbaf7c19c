import { onTestFinished } from 'vitest'
import { openTransport } from '../../infrastructure/node/home-transport.ts'
import {
  createHomeAssistant,
  type HomeAssistant,
  type HomeAssistantDeps,
} from '../../shared/home/home_assistant/home-assistant.ts'
import {
  type FakeHomeAssistant,
  type FakeOptions,
  startFakeHomeAssistant,
} from '../fakes/home-assistant/server.ts'

export const open = () => ({ signal: new AbortController().signal })

/** The adapter over Node's own transport; `close` ends both. */
export function connectTo(
  fake: Pick<FakeHomeAssistant, 'url' | 'token'>,
  options: Partial<HomeAssistantDeps> & { authorities?: string } = {},
): HomeAssistant & { close(): void } {
  const transport = openTransport(options.authorities ?? null)
  const home = createHomeAssistant({
    url: fake.url,
    token: fake.token,
    openWebSocket: transport.openWebSocket,
    fetch: transport.fetch,
    now: () => Date.now(),
    random: () => 0.5,
    tariff: null,
    ...options,
  })
  return {
    ...home,
    close() {
      home.close()
      void transport.close()
    },
  }
}

/** A fake and the adapter on it, both gone at the test's end. */
export async function withFake(
  fakeOptions: FakeOptions,
  options: Parameters<typeof connectTo>[1] = {},
): Promise<{ fake: FakeHomeAssistant; home: HomeAssistant }> {
  const fake = await startFakeHomeAssistant(fakeOptions)
  const home = connectTo(fake, options)
  onTestFinished(async () => {
    home.close()
    await fake.stop()
  })
  return { fake, home }
}
