import * as v from 'valibot'
import { checkEnv, currency, instant, list, oneOf, seconds, secret, text, url } from '../config/env.ts'
import { LOG_LEVELS } from '../config/log.ts'
import { AetherError } from '../errors/aether-error.ts'
import { prices } from '../llm/prices.ts'
import { TRACING } from '../tracing/config.ts'
import type { WorkerEnv } from './bindings.ts'

/** Variables of every worker. Names and meanings are those of the Node hosts. */
export const COMMON = {
  AETHER_VERSION: v.optional(text(), 'unknown'),
  LOG_LEVEL: v.optional(oneOf(LOG_LEVELS), 'info'),
  SERVICE_SECRET: secret(16),
  /** This worker as seen from outside; else the address that it is called by. */
  PUBLIC_URL: v.optional(url()),
  ...TRACING,
} as const

/** Variables of the workers that ask a language model. */
export const MODEL = {
  LLM_BASE_URL: v.optional(url()),
  LLM_API_KEY: v.optional(secret()),
  OPENAI_API_KEY: v.optional(secret()),
  LLM_MODEL: v.optional(text()),
  LLM_FIRST_BYTE_TIMEOUT_S: v.optional(seconds(0.1, 3_600), '120'),
  LLM_PRICES: v.optional(prices()),
} as const

/** Variables of the workers that read the home. A worker has no files: HOME_TARIFF holds the JSON itself. */
export const HOME = {
  HA_URL: v.optional(url()),
  HA_TOKEN: v.optional(secret()),
  HA_EXPOSE: v.optional(list()),
  HOME_TARIFF: v.optional(text()),
  HOME_CURRENCY: v.optional(currency()),
  DEMO_NOW: v.optional(instant()),
} as const

/** Variables of every worker that thinks. */
export type AgentEnv = v.InferOutput<v.ObjectSchema<typeof COMMON & typeof MODEL & typeof HOME, undefined>>

/** Checks a worker's variables. Throws INTERNAL, with every fault by name and no value in its cause. */
export function readEnv<T extends v.ObjectEntries>(
  schema: v.ObjectSchema<T, undefined>,
  env: WorkerEnv,
): v.InferOutput<v.ObjectSchema<T, undefined>> {
  const texts = Object.fromEntries(
    Object.keys(schema.entries).flatMap((name) => {
      const value = env[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
  const checked = checkEnv(schema, texts)
  if (checked.ok) return checked.value
  const faults = checked.faults.map((one) => `${one.name} ${one.reason}.`).join(' ')
  throw new AetherError('INTERNAL', undefined, { cause: new Error(`The worker is not set up: ${faults}`) })
}
