import { AgentCard, type SecurityScheme } from '@a2a-js/sdk'
import type { Hono } from 'hono'
import type { ServiceName } from '../domain/names.ts'
import type { AppEnv } from '../http/app-env.ts'
import { A2A_VERSION, INPUT_MODES, OUTPUT_MODES } from './protocol.ts'

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
  /** For callers from outside, who have API keys; else the agent takes service tokens (JWT). */
  readonly apiKeys?: boolean
}

/** A card and its JSON, made once at start. */
export interface AgentCardDocument {
  readonly card: AgentCard
  readonly json: string
  readonly etag: string
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

function etagOf(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (let i = 0; i < text.length; i++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n)
  return `"${hash.toString(16)}"`
}

/** The public card of an agent: both bindings at one URL, its credentials, streaming. Throws TypeError for a gap. */
export function createCard(info: CardInfo): AgentCardDocument {
  required(info)
  // An origin keeps its slash, as URLs have it; a path loses a last one.
  const { href, pathname } = new URL(info.url)
  const url = pathname === '/' ? href : href.replace(/\/+$/, '')
  const at = (protocolBinding: string) => ({ url, protocolBinding, tenant: '', protocolVersion: A2A_VERSION })
  const card: AgentCard = {
    name: info.name,
    description: info.description,
    version: info.version,
    supportedInterfaces: [at('JSONRPC'), at('HTTP+JSON')],
    provider: undefined,
    capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false, extensions: [] },
    securitySchemes: {
      bearer: bearer(info.apiKeys ? '' : 'JWT'),
      ...(info.apiKeys ? { api_key: API_KEY } : {}),
    },
    // Any one of them is enough.
    securityRequirements: [
      { schemes: { bearer: { list: [] } } },
      ...(info.apiKeys ? [{ schemes: { api_key: { list: [] } } }] : []),
    ],
    defaultInputModes: [...INPUT_MODES],
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
  // Only toJSON gives what other SDKs read: the object itself holds the SDK's own shapes.
  const json = JSON.stringify(AgentCard.toJSON(card))
  let etag: string | null = null
  return {
    card,
    json,
    // Made when somebody asks: where each request has its own card, hardly anybody does.
    get etag() {
      etag ??= etagOf(json)
      return etag
    },
  }
}

/** Serves the card at its well-known path, to anybody, with ETag and 304. */
export function registerCard(app: Hono<AppEnv>, document: AgentCardDocument): void {
  app.get('/.well-known/agent-card.json', (c) => {
    const headers = {
      etag: document.etag,
      'cache-control': 'public, max-age=3600',
      'content-type': 'application/json; charset=utf-8',
    }
    const asked = c.req.header('if-none-match') ?? ''
    const known = asked
      .split(',')
      .some((tag) => tag.trim().replace(/^W\//, '') === document.etag || tag.trim() === '*')
    return known ? c.body(null, 304, headers) : c.body(document.json, 200, headers)
  })
}
