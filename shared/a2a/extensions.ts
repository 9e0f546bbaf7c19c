import { type AgentCard, Extensions, HTTP_EXTENSION_HEADER } from '@a2a-js/sdk'
import { ExtensionSupportRequiredError } from '@a2a-js/sdk/errors'

/**
 * The extensions that a call asks for and the agent has, as the value of the answer's header; null where there are
 * none. Throws ExtensionSupportRequired for a call that does not bring one that the card demands.
 */
export function activateExtensions(card: AgentCard, asked: string | null): string | null {
  const ours = card.capabilities?.extensions ?? []
  if (ours.length === 0) return null
  const requested = asked === null ? [] : Extensions.parseServiceParameter(asked)
  const missing = ours.find(({ uri, required }) => required && !requested.includes(uri))
  if (missing) throw new ExtensionSupportRequiredError(`This agent requires the extension ${missing.uri}`)
  const active = ours.map(({ uri }) => uri).filter((uri) => requested.includes(uri))
  return active.length === 0 ? null : active.join(', ')
}

/** The header that names extensions. */
export const EXTENSIONS_HEADER = HTTP_EXTENSION_HEADER
