import type * as v from 'valibot'
import { reveal } from '../config/secret.ts'
import { AetherError } from '../errors/aether-error.ts'
import { createDemoHome } from '../home/demo/demo-home.ts'
import { parseExpose } from '../home/expose.ts'
import { createExposedHome } from '../home/exposed-home.ts'
import type { WebSocketLike } from '../home/home_assistant/guarded-socket.ts'
import { createHomeAssistant } from '../home/home_assistant/home-assistant.ts'
import { createLazyHome } from '../home/lazy-home.ts'
import type { HomeSource } from '../home/port.ts'
import { parseTariff } from '../home/tariff-file.ts'
import type { Basics } from './basics.ts'
import type { HOME } from './env.ts'
import type { Scope } from './scope.ts'

type HomeEnv = v.InferOutput<v.ObjectSchema<typeof HOME, undefined>>

/**
 * The home that the variables name: a Home Assistant, else the demo home; of each only what may be seen. A connection
 * to a Home Assistant belongs to the request: it is opened by the first read and closed with the scope.
 */
export function openHome(env: HomeEnv, { now }: Pick<Basics, 'now'>, scope: Scope): HomeSource {
  const whole = createLazyHome(() => openWhole(env, now, scope))
  return env.HA_EXPOSE === undefined ? whole : createExposedHome(whole, parseExpose(env.HA_EXPOSE))
}

function openWhole(env: HomeEnv, now: Basics['now'], scope: Scope): HomeSource {
  const { HA_URL: url, HA_TOKEN: token, DEMO_NOW: demoNow } = env
  if (url === undefined) return createDemoHome({ now: demoNow === undefined ? now : () => demoNow })
  if (token === undefined) throw new AetherError('HOME_UNAVAILABLE', 'HA_TOKEN must be set when HA_URL is.')
  const home = createHomeAssistant({
    url,
    token: reveal(token),
    openWebSocket: (address): WebSocketLike => new WebSocket(address),
    fetch: (request) => fetch(request),
    now,
    random: () => Math.random(),
    tariff: env.HOME_TARIFF === undefined ? null : parseTariff(env.HOME_TARIFF),
  })
  scope.onClose(async () => home.close())
  return home
}
