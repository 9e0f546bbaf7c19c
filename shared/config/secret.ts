const SHOWN = '[redacted]'

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
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  [Symbol.toPrimitive](): string {
    return SHOWN
  }

  /** What Node's console and inspect print; the symbol is the registered one, so nothing of Node is imported. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN
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
