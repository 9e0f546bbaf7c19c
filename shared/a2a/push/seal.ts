import { reveal, type Secret } from '../../config/secret.ts'

/** What a receiver is shown, and nobody else. */
export interface PushSecrets {
  readonly token: string
  readonly credentials: string
}

/** Keys that come from the one secret for notifications. */
export interface PushKeys {
  /** Encrypts what is kept for a receiver (AES-GCM). */
  seal(secrets: PushSecrets): Promise<string>
  /** Throws for what another secret sealed. */
  open(sealed: string): Promise<PushSecrets>
  /** Signs a notification as https://www.standardwebhooks.com does: the value of `webhook-signature`. */
  sign(id: string, seconds: number, body: string): Promise<string>
}

const utf8 = new TextEncoder()
const IV_BYTES = 12

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0))

/** Derives the keys once. */
export function createPushKeys(secret: Secret | string): PushKeys {
  const bytes = utf8.encode(reveal(secret))
  const encryption = deriveEncryption(bytes)
  const signing = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return {
    async seal(secrets) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const text = utf8.encode(JSON.stringify(secrets))
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await encryption, text)
      return toBase64(new Uint8Array([...iv, ...new Uint8Array(sealed)]))
    },
    async open(text) {
      const sealed = fromBase64(text)
      const algorithm = { name: 'AES-GCM', iv: sealed.subarray(0, IV_BYTES) }
      const opened = await crypto.subtle.decrypt(algorithm, await encryption, sealed.subarray(IV_BYTES))
      return JSON.parse(new TextDecoder().decode(opened))
    },
    async sign(id, seconds, body) {
      const signed = await crypto.subtle.sign('HMAC', await signing, utf8.encode(`${id}.${seconds}.${body}`))
      return `v1,${toBase64(new Uint8Array(signed))}`
    },
  }
}

async function deriveEncryption(
  secret: Uint8Array<ArrayBuffer>,
): Promise<Awaited<ReturnType<typeof crypto.subtle.importKey>>> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const info = utf8.encode('aether a2a push')
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
}
