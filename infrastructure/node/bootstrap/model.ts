import { reveal } from '../../../shared/config/secret.ts'
import type { NewId, Now } from '../../../shared/domain/ids.ts'
import type { Fetch } from '../../../shared/http/fetch.ts'
import { loadOpenAI } from '../../../shared/llm/open-client.ts'
import { openLanguageModel } from '../../../shared/llm/open-model.ts'
import type { LanguageModel } from '../../../shared/llm/port.ts'
import type { ModelConfig } from '../config.ts'
import { StartFault } from '../start-fault.ts'

const LIST_MS = 5_000

/** Models of a provider's list that hold no conversation. */
const NOT_FOR_CHAT = /embed|whisper|tts|rerank|moderation|dall-e|image|transcribe/i

export interface ModelOptions {
  readonly model: ModelConfig | null
  /** The way to the provider. */
  readonly fetch: Fetch
  readonly firstByteMs: number
  readonly now: Now
  readonly newId: NewId
}

/**
 * The language model that the configuration names, else the built-in offline one. A provider without LLM_MODEL is
 * asked once for its list, whose first model is taken; StartFault when it does not answer that.
 */
export async function openModel(options: ModelOptions): Promise<LanguageModel> {
  const { model, ...common } = options
  await loadOpenAI() // here, where no question waits for it
  const provider = model && { ...model, model: model.model ?? (await firstListed(model)) }
  return openLanguageModel({ provider, ...common })
}

async function firstListed(model: ModelConfig): Promise<string> {
  try {
    const response = await fetch(`${model.baseUrl}/models`, {
      headers: { authorization: `Bearer ${reveal(model.apiKey)}` },
      signal: AbortSignal.timeout(LIST_MS),
      redirect: 'manual', // what is asked later follows none either
    })
    if (isRedirect(response)) throw new StartFault(REDIRECTED)
    const ids = toIds(await response.json())
    const first = ids.find((id) => !NOT_FOR_CHAT.test(id)) ?? ids[0]
    if (first !== undefined) return first
  } catch (error) {
    throw error instanceof StartFault ? error : new StartFault(NO_MODEL, { cause: error })
  }
  throw new StartFault(NO_MODEL)
}

const REDIRECTED =
  'The provider at LLM_BASE_URL sends elsewhere: set LLM_BASE_URL to the address that it names.'

/** True for an answer that only names another address. */
export function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400
}

const NO_MODEL = 'LLM_MODEL must be set: the provider at LLM_BASE_URL gives no list of models to choose from.'

function toIds(list: unknown): string[] {
  if (typeof list !== 'object' || list === null || !('data' in list) || !Array.isArray(list.data)) return []
  return list.data.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'id' in one && typeof one.id === 'string' ? [one.id] : [],
  )
}
