import sanitizeHtml from 'sanitize-html'

/** Elements that draw; nothing that runs, links, loads or embeds. */
const ELEMENTS = [
  ...['svg', 'g', 'defs', 'title', 'desc', 'symbol', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline'],
  ...['polygon', 'text', 'tspan', 'linearGradient', 'radialGradient', 'stop', 'clipPath', 'mask', 'pattern'],
  'marker',
]

/** Attributes that place and colour. No `href`, no `on…`, no `style`, whose text another language reads. */
const ATTRIBUTES = [
  ...['xmlns', 'viewBox', 'width', 'height', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'rx', 'ry'],
  ...['dx', 'dy', 'd', 'points', 'transform', 'id', 'class', 'fill', 'fill-opacity', 'fill-rule', 'stroke'],
  ...['stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-dashoffset', 'stroke-linecap'],
  ...['stroke-linejoin', 'stroke-miterlimit', 'opacity', 'font-family', 'font-size', 'font-weight'],
  ...['font-style', 'text-anchor', 'dominant-baseline', 'offset', 'stop-color', 'stop-opacity', 'clip-path'],
  ...['clip-rule', 'mask', 'gradientUnits', 'gradientTransform', 'patternUnits', 'patternTransform'],
  ...['markerWidth', 'markerHeight', 'marker-start', 'marker-mid', 'marker-end', 'refX', 'refY', 'orient'],
  ...['preserveAspectRatio', 'role', 'aria-label', 'version'],
]

/** A chart has some hundreds; the parser's time grows with the square of what is nested. */
export const MAX_SVG_ELEMENTS = 10_000

const XMLNS = 'http://www.w3.org/2000/svg'

/**
 * An SVG with only the elements and attributes that draw, written anew: whatever else was in it (scripts, handlers, links,
 * embedded pages, styles, entities, comments) is gone. Null when it is no SVG. Takes time in proportion to the text: each
 * pattern here is one that cannot backtrack, for the text is a stranger's.
 */
export function sanitizeSvg(text: string): string | null {
  if (!beginsAsSvg(text) || countTags(text) > MAX_SVG_ELEMENTS) return null
  const clean = sanitizeHtml(text, {
    parser: { xmlMode: true, lowerCaseTags: false, lowerCaseAttributeNames: false },
    allowedTags: ELEMENTS,
    allowedAttributes: { '*': ATTRIBUTES },
    disallowedTagsMode: 'completelyDiscard',
    allowedSchemes: [],
    allowProtocolRelative: false,
    selfClosing: [],
    transformTags: { '*': (tagName, attribs) => ({ tagName, attribs: withinDrawing(attribs) }) },
  }).trim()
  return /^<svg[\s>]/.test(clean) && clean.endsWith('</svg>') ? clean : null
}

/** What may stand before the drawing, and where it ends. A doctype with entities of its own is not passed over. */
const BEFORE = [
  ['<?xml', '?>'],
  ['<!--', '-->'],
  ['<!DOCTYPE svg', '>'],
] as const

function beginsAsSvg(text: string): boolean {
  let at = 0
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++
    const part = BEFORE.find(([start]) => text.startsWith(start, at))
    if (part === undefined) return text.startsWith('<svg', at) && /[\s/>]/.test(text.charAt(at + 4))
    const end = text.indexOf(part[1], at + part[0].length)
    if (end < 0 || (part[0] === '<!DOCTYPE svg' && text.slice(at, end).includes('['))) return false
    at = end + part[1].length
  }
}

function countTags(text: string): number {
  let count = 0
  for (let at = text.indexOf('<'); at >= 0 && count <= MAX_SVG_ELEMENTS; at = text.indexOf('<', at + 1))
    if (text[at + 1] !== '/') count++
  return count
}

function withinDrawing(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(attributes).filter(([name, value]) =>
    name === 'xmlns' ? value === XMLNS : name === 'aria-label' || staysInside(value),
  )
  return Object.fromEntries(kept)
}

/** No value that draws has a colon, a backslash or a comment; an address may only be one within the drawing. */
function staysInside(value: string): boolean {
  if (value.includes(':') || value.includes('\\') || value.includes('/*')) return false
  const [, ...addresses] = value.split(/url/i)
  return addresses.every((rest) => {
    const end = rest.indexOf(')')
    return end >= 0 && end < MAX_ADDRESS && /^\(['"]?#[\w-]+['"]?$/.test(rest.slice(0, end))
  })
}

const MAX_ADDRESS = 200
