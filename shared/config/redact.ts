/** What a secret is replaced by. */
export const REDACTED = '[redacted]'

/** Texts that are secrets by their form, whoever they belong to: each with what stays of it. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  // `Authorization: Bearer …`, `Basic …`, also inside an escaped text; "basic consumption" is no credential
  [/\b(bearer) +[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\b([Bb]asic|BASIC) +(?=[\w.~+/-]*[\dA-Z=])[\w.~+/=-]{8,}/g, `$1 ${REDACTED}`],
  // signed tokens, such as Home Assistant's and our own
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, REDACTED],
  // keys of language model providers
  [/\bsk-[\w-]{16,}/g, REDACTED],
  // user:password@ in an address
  [/(:\/\/)[^\s/:@"\\]+:[^\s/@"\\]+@/g, `$1${REDACTED}@`],
  // …?api_key=…&token=…
  [/([?&](?:api[-_]?key|key|(?:access[-_]?)?token|password|secret)=)[^\s&"\\]+/gi, `$1${REDACTED}`],
]

/** Replaces what looks like a credential: errors of others may repeat what they were sent. */
export function redactForms(text: string): string {
  let out = text
  for (const [form, shown] of FORMS) out = out.replace(form, shown)
  return out
}
