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

/** An address may only be one within the drawing. */
const OUTSIDE = /url\s*\((?!\s*['"]?#[\w-]+['"]?\s*\))|[a-z][a-z0-9+.-]*:|\\|\/\*/i
const XMLNS = 'http://www.w3.org/2000/svg'

/**
 * An SVG with only the elements and attributes that draw, written anew: whatever else was in it (scripts, handlers, links,
 * embedded pages, styles, entities, comments) is gone. Null when it is no SVG.
 */
export function sanitizeSvg(text: string): string | null {
  if (!/^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE svg[^>[]*>\s*)?<svg[\s>]/.test(text))
    return null
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

function withinDrawing(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(attributes).filter(([name, value]) =>
    name === 'xmlns' ? value === XMLNS : !OUTSIDE.test(value) || name === 'aria-label',
  )
  return Object.fromEntries(kept)
}
