import { REDACTED } from './redact.ts'

/** A text that no string, JSON or inspect form shows. Only `reveal` gives it, where it is used. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  static reveal(secret: Secret): string {
    return secret.#text
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [Symbol.toPrimitive](): string {
    return REDACTED
  }

  /** What Node's console and inspect print; the symbol is the registered one, so nothing of Node is imported. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED
  }
}

/** Wraps a secret as soon as it is read. */
export function createSecret(text: string): Secret {
  return new Secret(text)
}

/** The text itself, for the one call that needs it; a plain string passes through. */
export function reveal(secret: Secret | string): string {
  return typeof secret === 'string' ? secret : Secret.reveal(secret)
}
