import { generateAgentCardSignature } from '@a2a-js/sdk'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, importPKCS8, type JWK } from 'jose'
import type { SignCard } from './card-document.ts'

/** Signs cards, and tells the key that its signatures are checked by. */
export interface CardSigner {
  readonly sign: SignCard
  /** The public key as a set of JSON Web Keys. */
  readonly jwks: { readonly keys: readonly JWK[] }
}

const ALGORITHM = 'ES256'

/**
 * A signer by a private key of the curve P-256 (PEM, PKCS #8). `jku` is where its public key is served. Throws what
 * the key cannot be read for.
 */
export async function createCardSigner(pem: string, jku: string): Promise<CardSigner> {
  const key: CryptoKey = await importPKCS8(pem, ALGORITHM, { extractable: true })
  const { kty, crv, x, y } = await exportJWK(key)
  const shared = { kty, crv, x, y } as JWK
  const kid = await calculateJwkThumbprint(shared)
  return {
    sign: generateAgentCardSignature(key, { alg: ALGORITHM, kid, jku, typ: 'JOSE' }),
    jwks: { keys: [{ ...shared, kid, alg: ALGORITHM, use: 'sig' }] },
  }
}
