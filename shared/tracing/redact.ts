import { REDACTED, redactForms } from '../config/redact.ts'
import { reveal, type Secret } from '../config/secret.ts'

/** What is shorter stands in ordinary words too. */
const SHORTEST = 8

/**
 * Takes the given secrets out of a text, also where they stand in JSON, and whatever looks like a credential. Those under
 * 8 characters are left alone.
 */
export function createRedactor(secrets: readonly (Secret | string)[]): (text: string) => string {
  const texts = new Set<string>()
  for (const secret of secrets) {
    const plain = reveal(secret)
    const quoted = JSON.stringify(plain).slice(1, -1)
    // Contents are JSON within JSON here and there.
    for (const form of [plain, quoted, JSON.stringify(quoted).slice(1, -1)])
      if (form.length >= SHORTEST) texts.add(form)
  }
  const longestFirst = [...texts].sort((a, b) => b.length - a.length)
  return (text) => {
    let clean = text
    for (const secret of longestFirst) if (clean.includes(secret)) clean = clean.replaceAll(secret, REDACTED)
    return redactForms(clean)
  }
}
