import type { AgentCard, AgentExtension, SecurityScheme } from '@a2a-js/sdk'
import type { ServiceName } from '../domain/names.ts'
import { A2A_VERSION, INPUT_MODES, LEGACY_VERSION, OUTPUT_MODES } from './protocol.ts'

export interface SkillInfo {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly tags: readonly string[]
  readonly examples?: readonly string[]
}

export interface CardInfo {
  readonly service: ServiceName
  readonly name: string
  readonly description: string
  readonly version: string
  /** Absolute URL of the agent as its callers reach it. */
  readonly url: string
  readonly skills: readonly SkillInfo[]
  /** Media types that it takes; text and JSON where none are given. */
  readonly inputModes?: readonly string[]
  /** For callers from outside, who have API keys; else the agent takes service tokens (JWT). */
  readonly apiKeys?: boolean
  /** False: callers of 0.3 are not served. */
  readonly legacy?: boolean
  /** The one for typed events where none are given. */
  readonly extensions?: readonly AgentExtension[]
}

/** A required member that is empty would be left out of the JSON, and the card be refused by other SDKs. */
function required(info: CardInfo): void {
  const { name, description, version, url, skills } = info
  for (const [key, value] of Object.entries({ name, description, version, url }))
    if (value.trim() === '') throw new TypeError(`the card of ${info.service} needs a ${key}`)
  if (skills.length === 0) throw new TypeError(`the card of ${info.service} needs a skill`)
  for (const skill of skills)
    if (!skill.id || !skill.name || !skill.description || skill.tags.length === 0)
      throw new TypeError(`each skill of ${info.service} needs id, name, description and tags`)
  if (!URL.canParse(url)) throw new TypeError(`the url of the card of ${info.service} is not absolute`)
}

const bearer = (bearerFormat: string): SecurityScheme => ({
  scheme: { $case: 'httpAuthSecurityScheme', value: { scheme: 'Bearer', bearerFormat, description: '' } },
})
const API_KEY: SecurityScheme = {
  scheme: {
    $case: 'apiKeySecurityScheme',
    value: { location: 'header', name: 'X-API-Key', description: '' },
  },
}

/** Tells that statuses and artifacts carry typed data beside their text; whoever does not know it loses nothing. */
const TYPED_EVENTS: AgentExtension = {
  uri: 'urn:aether:a2a:typed-events:v1',
  description:
    'Statuses carry a data part aether.event/v1, and findings and analyses come as artifacts aether.finding/v1 and aether.analysis/v1.',
  required: false,
  params: undefined,
}

/**
 * The public card of an agent: its bindings at one URL, its credentials, streaming. What else it can do is added where
 * it is served. Throws TypeError for a gap.
 */
export function createCard(info: CardInfo): AgentCard {
  required(info)
  const { href, pathname } = new URL(info.url)
  const base = href.replace(/\/+$/, '')
  // Calls of JSON-RPC go to the address itself: an origin keeps its slash there, as URLs have it. Clients of HTTP+JSON
  // put paths behind theirs.
  const rpc = pathname === '/' ? href : base
  const at = (protocolBinding: string, protocolVersion: string) => ({
    url: protocolBinding === 'JSONRPC' ? rpc : base,
    protocolBinding,
    tenant: '',
    protocolVersion,
  })
  return {
    name: info.name,
    description: info.description,
    version: info.version,
    supportedInterfaces: [
      at('JSONRPC', A2A_VERSION),
      at('HTTP+JSON', A2A_VERSION),
      ...(info.legacy === false ? [] : [at('JSONRPC', LEGACY_VERSION)]),
    ],
    provider: undefined,
    capabilities: {
      streaming: true,
      pushNotifications: false,
      extendedAgentCard: false,
      extensions: [...(info.extensions ?? [TYPED_EVENTS])],
    },
    securitySchemes: {
      bearer: bearer(info.apiKeys ? '' : 'JWT'),
      ...(info.apiKeys ? { api_key: API_KEY } : {}),
    },
    // Any one of them is enough.
    securityRequirements: [
      { schemes: { bearer: { list: [] } } },
      ...(info.apiKeys ? [{ schemes: { api_key: { list: [] } } }] : []),
    ],
    defaultInputModes: [...(info.inputModes ?? INPUT_MODES)],
    defaultOutputModes: [...OUTPUT_MODES],
    skills: info.skills.map((skill) => ({
      id: skill.id,
      name: skill.name,
      description: skill.description,
      tags: [...skill.tags],
      examples: [...(skill.examples ?? [])],
      inputModes: [],
      outputModes: [],
      securityRequirements: [],
    })),
    signatures: [],
  }
}
