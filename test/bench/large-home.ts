import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { openTransport } from '../../infrastructure/node/home-transport.ts'
import { createHomeAssistant, type HomeAssistant } from '../../shared/home/home_assistant/home-assistant.ts'
import type { LargeHome, Weather } from './home-worker.ts'

/** A large Home Assistant in a thread of its own, and the adapter on it. */
export interface OpenedHome {
  readonly home: HomeAssistant
  /** Whether a thousand events a second come in. */
  setWeather(weather: Weather): void
  close(): Promise<void>
}

/** Starts a Home Assistant of that size and connects to it. */
export async function openLargeHome(size: LargeHome): Promise<OpenedHome> {
  const worker = new Worker(join(import.meta.dirname, 'home-worker.ts'), { workerData: size })
  const fake = await new Promise<{ url: string; token: string }>((resolve) => worker.once('message', resolve))
  const transport = openTransport(null)
  const home = createHomeAssistant({
    ...fake,
    openWebSocket: transport.openWebSocket,
    fetch: transport.fetch,
    now: () => Date.now(),
    random: () => Math.random(),
    tariff: null,
  })
  return {
    home,
    setWeather: (weather) => worker.postMessage(weather),
    async close() {
      home.close()
      await transport.close()
      worker.postMessage('end')
    },
  }
}
