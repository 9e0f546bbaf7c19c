import type { ArtifactType, RefusedArtifact, SandboxArtifact } from '../../shared/sandbox/port.ts'
import type { RawArtifact } from './frames.ts'
import { sanitizeSvg } from './sanitize-svg.ts'

/** The boot program keeps these too; here they hold even if a script could talk in its name. */
export const MAX_ARTIFACTS = 16
export const MAX_ARTIFACT_BYTES = 1_048_576
export const MAX_ARTIFACTS_BYTES = 4_194_304
/** A few hundred bytes of PNG can unpack to gigabytes. */
const MAX_PIXELS_A_SIDE = 4_096

const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_. -]{0,94}\.(png|svg|csv|json)$/
const PNG_MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

type Checked = Pick<SandboxArtifact, 'type' | 'content' | 'encoding'> | { readonly reason: string }

/**
 * Checks the files that a script left: names, count, sizes, and that each is what its name says. What fails is refused with its
 * reason; the others are kept. Names differ also when case is ignored.
 */
export function checkArtifacts(raw: readonly RawArtifact[]): {
  artifacts: SandboxArtifact[]
  refused: RefusedArtifact[]
} {
  const artifacts: SandboxArtifact[] = []
  const refused: RefusedArtifact[] = []
  const names = new Set<string>()
  let total = 0
  for (const { name, data } of raw) {
    const refuse = (reason: string) => refused.push(toRefused({ name, reason }))
    const kind = PLAIN_NAME.exec(name)?.[1]
    const bytes = Buffer.from(data, 'base64')
    if (kind === undefined) refuse('a name is plain and ends in .png, .svg, .csv or .json')
    else if (names.has(name.toLowerCase())) refuse('another artifact has this name')
    else if (artifacts.length === MAX_ARTIFACTS) refuse(`more than ${MAX_ARTIFACTS} artifacts`)
    else if (bytes.length > MAX_ARTIFACT_BYTES || total + bytes.length > MAX_ARTIFACTS_BYTES)
      refuse('too large')
    else {
      const checked = CHECKS[kind]?.(bytes) ?? { reason: 'unknown type' }
      if ('reason' in checked) refuse(checked.reason)
      else {
        names.add(name.toLowerCase())
        total += bytes.length
        artifacts.push({ name, bytes: Buffer.byteLength(checked.content, checked.encoding), ...checked })
      }
    }
  }
  return { artifacts, refused }
}

/** A refusal whose name can be shown: short and without control characters. */
export function toRefused({ name, reason }: RefusedArtifact): RefusedArtifact {
  return { name: name.replace(/[^\P{C}]/gu, '?').slice(0, 100), reason }
}

const CHECKS: Readonly<Record<string, (bytes: Buffer) => Checked>> = {
  png: checkPng,
  svg: (bytes) =>
    asText(bytes, 'image/svg+xml', (text) => sanitizeSvg(text) ?? { reason: 'it is not an SVG' }),
  csv: (bytes) => asText(bytes, 'text/csv', (text) => text),
  json: (bytes) =>
    asText(bytes, 'application/json', (text) => (isJson(text) ? text : { reason: 'it is not JSON' })),
}

/** Signature, a header of sensible size first, the end chunk last. */
function checkPng(bytes: Buffer): Checked {
  const whole = bytes.length > 45 && bytes.subarray(0, 8).equals(PNG_MAGIC)
  if (
    !whole ||
    bytes.toString('latin1', 12, 16) !== 'IHDR' ||
    bytes.toString('latin1', bytes.length - 8, bytes.length - 4) !== 'IEND'
  )
    return { reason: 'it is not a PNG' }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  if (width === 0 || height === 0 || Math.max(width, height) > MAX_PIXELS_A_SIDE)
    return { reason: `its sides are not within ${MAX_PIXELS_A_SIDE} pixels` }
  return { type: 'image/png', content: bytes.toString('base64'), encoding: 'base64' }
}

function asText(
  bytes: Buffer,
  type: ArtifactType,
  read: (text: string) => string | { readonly reason: string },
): Checked {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { reason: 'it is not UTF-8 text' }
  }
  if (hasControls(text)) return { reason: 'it holds control characters' }
  const content = read(text)
  return typeof content === 'string' ? { type, content, encoding: 'utf8' } : content
}

/** Control characters but tab, line feed and carriage return: binary data that calls itself text. */
function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 127) return true
  }
  return false
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
