import type * as v from 'valibot'
import { createSecret } from '../config/secret.ts'
import { AetherError } from '../errors/aether-error.ts'
import { openLanguageModel, type Provider } from '../llm/open-model.ts'
import type { LanguageModel } from '../llm/port.ts'
import type { Basics } from './basics.ts'
import type { MODEL } from './env.ts'

type ModelEnv = v.InferOutput<v.ObjectSchema<typeof MODEL, undefined>>

const OPENAI_URL = 'https://api.openai.com/v1'

/** The language model that the variables name, else the built-in offline one. */
export function openModel(env: ModelEnv, { now, newId }: Pick<Basics, 'now' | 'newId'>): LanguageModel {
  return openLanguageModel({
    provider: toProvider(env),
    fetch: (request) => fetch(request),
    firstByteMs: env.LLM_FIRST_BYTE_TIMEOUT_S,
    now,
    newId,
  })
}

/** A worker does not ask for the provider's list at each request, so a provider of one's own is named with its model. */
function toProvider(env: ModelEnv): Provider | null {
  const key = env.LLM_API_KEY ?? env.OPENAI_API_KEY
  if (env.LLM_BASE_URL === undefined && key === undefined) return null
  const baseUrl = env.LLM_BASE_URL ?? OPENAI_URL
  const model = env.LLM_MODEL ?? (baseUrl === OPENAI_URL ? 'gpt-4o' : null)
  if (model === null)
    throw new AetherError('INTERNAL', undefined, {
      cause: new Error('LLM_MODEL must be set when LLM_BASE_URL is.'),
    })
  return { baseUrl, apiKey: key ?? createSecret('none'), model }
}
