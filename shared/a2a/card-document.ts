import { A2A_VERSION_HEADER, AgentCard } from '@a2a-js/sdk'
import type { Hono } from 'hono'
import type { AppEnv } from '../http/app-env.ts'
import { LEGACY_VERSION } from './protocol.ts'

interface Document {
  readonly json: string
  readonly etag: string
}

/** A card as it is served. Its texts are made when somebody asks: where each request has its own, hardly anybody does. */
export interface CardDocument {
  readonly card: AgentCard
  /** One document for callers of 1.0 and of 0.3. */
  hybrid(): Document
  /** For callers who say that they speak 1.0: without the members of 0.3. */
  strict(): Document
}

/** Adds its signature to a card. */
export type SignCard = (card: AgentCard) => Promise<AgentCard>

function etagOf(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (let i = 0; i < text.length; i++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n)
  return `"${hash.toString(16)}"`
}

/** The members that callers of 0.3 read, beside those of 1.0. The signature covers the card of 1.0. */
function legacyMembers({
  supportedInterfaces,
  capabilities,
  securitySchemes,
  securityRequirements,
}: AgentCard) {
  const old = supportedInterfaces.find((one) => one.protocolVersion === LEGACY_VERSION)
  if (!old) return {}
  return {
    url: old.url,
    preferredTransport: old.protocolBinding,
    protocolVersion: `${LEGACY_VERSION}.0`,
    supportsAuthenticatedExtendedCard: capabilities?.extendedAgentCard === true,
    security: securityRequirements.map(({ schemes }) =>
      Object.fromEntries(Object.keys(schemes).map((name) => [name, []])),
    ),
    securitySchemes: Object.fromEntries(
      Object.entries(securitySchemes).map(([name, { scheme }]) => {
        if (scheme?.$case === 'httpAuthSecurityScheme')
          return [
            name,
            { type: 'http', scheme: scheme.value.scheme, bearerFormat: scheme.value.bearerFormat },
          ]
        if (scheme?.$case === 'apiKeySecurityScheme')
          return [name, { type: 'apiKey', name: scheme.value.name, in: scheme.value.location }]
        return [name, {}]
      }),
    ),
  }
}

type Json = Record<string, unknown>
type CardJson = Json & { readonly securitySchemes?: Record<string, Json> }

/** One document that callers of 1.0 and of 0.3 read. */
function hybridJson(card: AgentCard, json: CardJson): Json {
  const legacy = legacyMembers(card)
  const schemes = Object.entries(json.securitySchemes ?? {}).map(([name, scheme]) => {
    const old: Json = legacy.securitySchemes?.[name] ?? {}
    return [name, { ...scheme, ...old }] as const
  })
  return { ...json, ...legacy, securitySchemes: Object.fromEntries(schemes) }
}

/** A card as it is served. */
export function documentOf(card: AgentCard): CardDocument {
  let hybrid: Document | undefined
  let strict: Document | undefined
  // Only toJSON gives what other SDKs read: the object itself holds the SDK's own shapes.
  const json = () => AgentCard.toJSON(card) as CardJson
  return {
    card,
    hybrid() {
      hybrid ??= toDocument(hybridJson(card, json()))
      return hybrid
    },
    strict() {
      strict ??= toDocument(json())
      return strict
    },
  }
}

function toDocument(value: Json): Document {
  const json = JSON.stringify(value)
  return { json, etag: etagOf(json) }
}

/** Serves the card at its well-known path, to anybody, with ETag and 304. `since`: when it was made, epoch ms. */
export function registerCard(
  app: Hono<AppEnv>,
  document: CardDocument | Promise<CardDocument>,
  since: number,
): void {
  const lastModified = new Date(since).toUTCString()
  app.get('/.well-known/agent-card.json', async (c) => {
    const isStrict = c.req.header(A2A_VERSION_HEADER)?.startsWith('1.')
    const { etag, json } = isStrict ? (await document).strict() : (await document).hybrid()
    const headers = {
      etag,
      vary: A2A_VERSION_HEADER,
      'last-modified': lastModified,
      'cache-control': 'public, max-age=3600',
      'content-type': 'application/json; charset=utf-8',
    }
    const asked = c.req.header('if-none-match') ?? ''
    const known = asked
      .split(',')
      .some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*')
    return known ? c.body(null, 304, headers) : c.body(json, 200, headers)
  })
}
