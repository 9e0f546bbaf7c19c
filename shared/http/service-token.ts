import type { MiddlewareHandler } from 'hono'
import { type CryptoKey, jwtVerify, SignJWT } from 'jose'
import { reveal, type Secret } from '../config/secret.ts'
import type { Now } from '../domain/ids.ts'
import { AetherError } from '../errors/aether-error.ts'
import type { AppEnv } from './app-env.ts'
import { credentialsOf } from './auth.ts'

/** Longest life of a service token. */
const MAX_TTL_S = 300
/** Clocks of two machines may differ by this much. */
const TOLERANCE_S = 5
/** Tokens and verdicts kept at once; the oldest goes first. */
const CACHE_MAX = 1_000

export interface ServiceClaims {
  /** The service that signed. */
  readonly issuer: string
  /** The person on whose behalf the call is made. */
  readonly subject: string
  readonly scopes: readonly string[]
  /** Epoch seconds. */
  readonly expiresAt: number
}

export interface SignOptions {
  readonly secret: Secret | string
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  readonly scopes: readonly string[]
  readonly now: Now
  readonly ttlS?: number
}

const keyOf = (secret: Secret | string) => new TextEncoder().encode(reveal(secret))

/** Importing costs more than signing, so a long-lived owner does it once. */
function importKey(secret: Secret | string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', keyOf(secret), algorithm, false, ['sign', 'verify'])
}

function sign(key: CryptoKey, options: Omit<SignOptions, 'secret'>): Promise<string> {
  const issuedAt = Math.floor(options.now() / 1000)
  return new SignJWT({ scope: options.scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(options.issuer)
    .setSubject(options.subject)
    .setAudience(options.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + Math.min(options.ttlS ?? MAX_TTL_S, MAX_TTL_S))
    .sign(key)
}

async function verify(token: string, key: CryptoKey, audience: string, now: Now): Promise<ServiceClaims> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience,
      currentDate: new Date(now()),
      clockTolerance: TOLERANCE_S,
      requiredClaims: ['iss', 'sub', 'aud', 'iat', 'exp'],
    })
    const { iss = '', sub = '', iat = 0, exp = 0, scope } = payload
    if (exp - iat > MAX_TTL_S) throw new TypeError('the token lives too long')
    const scopes = typeof scope === 'string' ? scope.split(' ').filter((text) => text !== '') : []
    return { issuer: iss, subject: sub, scopes, expiresAt: exp }
  } catch (cause) {
    throw new AetherError(
      'UNAUTHENTICATED',
      'The service token is not valid. Sign a new one for this service.',
      {
        cause,
      },
    )
  }
}

/** Signs a token (JWT, HS256) that lets `issuer` call `audience` on behalf of `subject`, for at most 5 minutes. */
export async function signServiceToken(options: SignOptions): Promise<string> {
  return sign(await importKey(options.secret), options)
}

/** Checks signature, audience and life of a token. Throws UNAUTHENTICATED; the reason is only in its cause. */
export async function verifyServiceToken(
  token: string,
  options: { readonly secret: Secret | string; readonly audience: string; readonly now: Now },
): Promise<ServiceClaims> {
  return verify(token, await importKey(options.secret), options.audience, options.now)
}

function remember<T>(cache: Map<string, T>, key: string, value: T): T {
  if (cache.size >= CACHE_MAX) cache.delete(cache.keys().next().value ?? '')
  cache.set(key, value)
  return value
}

/** Lets a request pass with a token for `audience`. A token is checked once; its verdict ends with its life. */
export function serviceAuth(options: {
  readonly secret: Secret | string
  readonly audience: string
  readonly now: Now
  /** A scope that the token must hold. */
  readonly scope?: string
}): MiddlewareHandler<AppEnv> {
  const { audience, now, scope } = options
  const verified = new Map<string, ServiceClaims>()
  let key: Promise<CryptoKey> | undefined
  return async (c, next) => {
    const [token] = credentialsOf(c.req.raw.headers)
    if (token === undefined)
      throw new AetherError('UNAUTHENTICATED', 'A service token is needed. Send it as Authorization: Bearer.')
    let claims = verified.get(token)
    if (!claims || claims.expiresAt * 1000 <= now()) {
      verified.delete(token)
      key ??= importKey(options.secret)
      claims = remember(verified, token, await verify(token, await key, audience, now))
    }
    if (scope !== undefined && !claims.scopes.includes(scope))
      throw new AetherError('FORBIDDEN', `This token lacks the scope "${scope}".`)
    c.set('actor', { id: claims.subject, name: claims.issuer, issuer: claims.issuer, scopes: claims.scopes })
    return next()
  }
}

/** Gives a token for a user, and the same one again until half of its life is over. For peers and clients. */
export function createTokenSource(
  options: Omit<SignOptions, 'subject' | 'scopes' | 'ttlS'> & { readonly scopes?: readonly string[] },
): (user: string) => Promise<string> {
  const cache = new Map<string, { token: string; renewAt: number }>()
  let key: Promise<CryptoKey> | undefined
  return async (user) => {
    const kept = cache.get(user)
    if (kept && kept.renewAt > options.now()) return kept.token
    cache.delete(user)
    key ??= importKey(options.secret)
    const renewAt = options.now() + (MAX_TTL_S * 1000) / 2
    const token = await sign(await key, { ...options, subject: user, scopes: options.scopes ?? ['a2a'] })
    return remember(cache, user, { token, renewAt }).token
  }
}
