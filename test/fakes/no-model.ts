import { AetherError } from '../../shared/errors/aether-error.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'

/** A language model that never answers. */
export const noModel: LanguageModel = {
  offline: false,
  name: 'none',
  resolve: async () => 'none',
  // biome-ignore lint/correctness/useYield: it fails before it says anything
  async *stream() {
    throw new AetherError('LLM_UNAVAILABLE')
  },
}
