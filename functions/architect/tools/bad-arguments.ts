import { invalidInput } from '../../../shared/errors/invalid-input.ts'
import { dataBlock } from '../../../shared/llm/data-block.ts'
import type { ToolOutcome } from './tool.ts'

/** Tells the model what is wrong with its arguments, so that it can call again. */
export function badArguments(issues: Parameters<typeof invalidInput>[0], nonce: string): ToolOutcome {
  return toolFault(invalidInput(issues, 'arguments').message, nonce)
}

/** A tool that could not do its work, as the model reads it. */
export function toolFault(message: string, nonce: string): ToolOutcome {
  return { content: dataBlock('error', { message }, nonce) }
}
