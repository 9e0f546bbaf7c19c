import { describe, expect, it } from 'vitest'
import { MAX_SVG_ELEMENTS, sanitizeSvg } from '../../../infrastructure/gvisor/sanitize-svg.ts'

const svg = (inner: string, attributes = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inner}</svg>`

describe('sanitizeSvg', () => {
  it('keeps a drawing as it is', () => {
    const drawing = svg(
      '<defs><linearGradient id="g"><stop offset="1" stop-color="#fff"></stop></linearGradient></defs>' +
        '<path d="M1 1L2 2" fill="url(#g)" stroke-width="1.5"></path><text x="1" y="2">5 &lt; 7 kWh</text>',
      ' viewBox="0 0 10 10"',
    )
    expect(sanitizeSvg(drawing)).toBe(drawing)
  })

  it('takes a declaration, comments and a plain doctype before it', () => {
    const before = '<?xml version="1.0"?>\n<!-- made > by --><!---->\n<!DOCTYPE svg PUBLIC "x" "y">\n'
    expect(sanitizeSvg(before + svg('<g></g>'))).toBe(svg('<g></g>'))
  })

  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['a script in a namespace', '<svg:script>alert(1)</svg:script>'],
    ['a handler', '<path onload="alert(1)"/>'],
    ['a handler in capitals', '<path ONLOAD="alert(1)"/>'],
    ['a link', '<a href="javascript:alert(1)">alert(1)</a>'],
    ['a use of another file', '<use href="https://x.invalid/alert(1)#a"/>'],
    ['an image', '<image href="data:image/svg+xml,alert(1)"/>'],
    ['a page', '<foreignObject><iframe src="alert(1)"></iframe></foreignObject>'],
    ['a style', '<style>@import "alert(1)"</style><path style="fill:url(//alert(1))"/>'],
    ['an animation', '<set attributeName="href" to="javascript:alert(1)"/>'],
    ['an address in a fill', '<path fill="url(https://x.invalid/alert(1))"/>'],
    ['a protocol-relative address', '<path fill="url(//x.invalid/alert(1))"/>'],
    ['an escaped address', '<path fill="u\\72l(alert(1))"/>'],
    ['an address in capitals', '<path fill="URL( //alert(1))"/>'],
    ['a second address behind a good one', '<path fill="url(#a) url(//alert(1))"/>'],
    ['a comment', '<!-- alert(1) -->'],
    ['an address split by an entity', '<path fill="url&#40;//alert(1))"/>'],
  ])('takes out %s', (_, inner) => {
    expect(sanitizeSvg(svg(inner))).not.toContain('alert(1)')
  })

  it.each([
    ['a page', '<html><svg></svg></html>'],
    ['text', 'hello'],
    ['nothing', ''],
    ['entities of its own', '<!DOCTYPE svg [<!ENTITY x "y">]><svg>&x;</svg>'],
    ['a comment that does not end', '<!-- <svg></svg>'],
    ['a declaration that does not end', '<?xml <svg></svg>'],
    ['another element that begins like it', '<svgx></svgx>'],
  ])('refuses %s', (_, text) => {
    expect(sanitizeSvg(text)).toBeNull()
  })

  it('refuses more elements than a drawing needs, which would take it minutes', () => {
    expect(sanitizeSvg(svg('<g>'.repeat(MAX_SVG_ELEMENTS)))).toBeNull()
    expect(sanitizeSvg(svg('<g></g>'.repeat(1_000)))).toContain('<g></g>')
  })

  // With a pattern that backtracks each of these took from minutes to years; the test's own time limit is what fails then.
  it.each([
    ['a long attribute', svg(`<path d="${'a'.repeat(900_000)}"/>`)],
    ['many addresses', svg(`<path d="${'url( '.repeat(200_000)}"/>`)],
    ['many comments', `${'<!---->'.repeat(100_000)}<a>`],
    ['blanks', `${' '.repeat(900_000)}<a>`],
    ['declarations', '<?xml '.repeat(150_000)],
    ['tags that do not end', `<svg>${'<'.repeat(900_000)}`],
    ['attributes', `<svg ${Array.from({ length: 60_000 }, (_, i) => `a${i}="1"`).join(' ')}></svg>`],
  ])('is soon done with %s', (_, text) => {
    expect(sanitizeSvg(text)?.length ?? 0).toBeLessThan(1_100_000)
  })
})
