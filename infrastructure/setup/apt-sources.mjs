/**
 * One source of Debian packages as the machine itself is configured.
 * @typedef {{ readonly uri: string, readonly suites: readonly string[], readonly components: readonly string[], readonly signedBy: string | null, readonly trusted: boolean }} AptSource
 */

/**
 * Reads one-line sources (`deb [signed-by=…] URI SUITE COMPONENT…`). Lines that do not name binary packages are left out.
 * @param {string} text
 * @returns {AptSource[]}
 */
export function parseListSources(text) {
  const sources = []
  for (const raw of text.split('\n')) {
    const line = raw.replace(/#.*$/, '').trim()
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line)
    if (match === null) continue
    const [, options = '', uri = '', suite = '', components = ''] = match
    const option = new Map(
      options
        .trim()
        .split(/\s+/)
        .filter((pair) => pair.includes('='))
        .map((pair) => {
          const at = pair.indexOf('=')
          return [pair.slice(0, at).toLowerCase(), pair.slice(at + 1)]
        }),
    )
    sources.push({
      uri,
      suites: [suite],
      components: components.split(/\s+/).filter((word) => word !== ''),
      signedBy: option.get('signed-by') ?? null,
      trusted: option.get('trusted') === 'yes',
    })
  }
  return sources
}

/**
 * Reads deb822 sources (`Types:`, `URIs:`, `Suites:`, `Components:`, `Signed-By:` in paragraphs). A key that stands in
 * the file itself is kept as its text; `.` lines of it are blank lines.
 * @param {string} text
 * @returns {AptSource[]}
 */
export function parseDeb822Sources(text) {
  const sources = []
  for (const paragraph of text.split(/\n[ \t]*\n/)) {
    const fields = parseFields(paragraph)
    const words = (/** @type {string} */ name) =>
      (fields.get(name) ?? '').split(/\s+/).filter((w) => w !== '')
    if (!words('types').includes('deb')) continue
    if ((fields.get('enabled') ?? 'yes').trim().toLowerCase() === 'no') continue
    const signedBy = fields.get('signed-by')?.trim() ?? null
    for (const uri of words('uris'))
      sources.push({
        uri,
        suites: words('suites'),
        components: words('components'),
        signedBy: signedBy === '' ? null : signedBy,
        trusted: (fields.get('trusted') ?? '').trim() === 'yes',
      })
  }
  return sources
}

/**
 * @param {string} paragraph
 * @returns {Map<string, string>}
 */
function parseFields(paragraph) {
  const fields = new Map()
  let name = ''
  for (const line of paragraph.split('\n')) {
    if (line.startsWith('#')) continue
    const start = /^([A-Za-z0-9-]+):(.*)$/.exec(line)
    if (start !== null) {
      name = (start[1] ?? '').toLowerCase()
      fields.set(name, (start[2] ?? '').trim())
    } else if (name !== '' && /^[ \t]/.test(line)) {
      const more = line.trim() === '.' ? '' : line.trim()
      fields.set(name, `${fields.get(name)}\n${more}`)
    }
  }
  return fields
}

/**
 * What `/etc/os-release` says of the machine's distribution; null where its packages are not Debian's or Ubuntu's.
 * @param {string} text
 * @returns {{ family: 'debian' | 'ubuntu', codename: string, name: string } | null}
 */
export function parseOsRelease(text) {
  const value = new Map()
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=["']?(.*?)["']?$/.exec(line.trim())
    if (match !== null) value.set(match[1], match[2])
  }
  const ids = `${value.get('ID') ?? ''} ${value.get('ID_LIKE') ?? ''}`.split(/\s+/)
  const name = value.get('PRETTY_NAME') ?? value.get('ID') ?? 'unknown'
  if (ids.includes('ubuntu'))
    return {
      family: 'ubuntu',
      codename: value.get('UBUNTU_CODENAME') ?? value.get('VERSION_CODENAME') ?? '',
      name,
    }
  if (ids.includes('debian'))
    return {
      family: 'debian',
      codename: value.get('DEBIAN_CODENAME') ?? value.get('VERSION_CODENAME') ?? '',
      name,
    }
  return null
}

/**
 * The sources that hold the distribution's own packages: those of its release, not its security or third-party ones.
 * @param {readonly AptSource[]} sources
 * @param {string} codename
 * @returns {AptSource[]}
 */
export function mainSources(sources, codename) {
  const own = sources.filter(
    (s) => s.components.includes('main') && (s.suites.includes(codename) || s.suites.some(isMovingSuite)),
  )
  const seen = new Set()
  return own.filter((s) => !seen.has(s.uri) && seen.add(s.uri) !== undefined && !s.uri.startsWith('cdrom:'))
}

/** @param {string} suite */
function isMovingSuite(suite) {
  return ['stable', 'testing', 'unstable', 'sid'].includes(suite)
}
