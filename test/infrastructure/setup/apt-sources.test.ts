import { describe, expect, it } from 'vitest'
import {
  mainSources,
  parseDeb822Sources,
  parseListSources,
  parseOsRelease,
} from '../../../infrastructure/setup/apt-sources.mjs'

describe('parseListSources', () => {
  it('reads options, suite and components, and leaves out comments and sources of source code', () => {
    const text = [
      '# deb http://old.example/debian bookworm main',
      'deb [arch=amd64 signed-by=/usr/share/keyrings/k.gpg] http://mirror.example/debian bookworm main contrib # why',
      'deb-src http://mirror.example/debian bookworm main',
      'deb [trusted=yes] file:/srv/repo ./',
      '',
    ].join('\n')
    expect(parseListSources(text)).toEqual([
      {
        uri: 'http://mirror.example/debian',
        suites: ['bookworm'],
        components: ['main', 'contrib'],
        signedBy: '/usr/share/keyrings/k.gpg',
        trusted: false,
      },
      { uri: 'file:/srv/repo', suites: ['./'], components: [], signedBy: null, trusted: true },
    ])
  })
})

describe('parseDeb822Sources', () => {
  it('reads every paragraph and gives each of its addresses', () => {
    const text = [
      'Types: deb deb-src',
      '# a comment',
      'URIs: http://a.example/debian http://b.example/debian',
      'Suites: trixie trixie-updates',
      'Components: main',
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
      '',
      'Types: deb',
      'Enabled: no',
      'URIs: http://c.example/debian',
      'Suites: trixie',
      'Components: main',
    ].join('\n')
    const sources = parseDeb822Sources(text)
    expect(sources.map((source) => source.uri)).toEqual([
      'http://a.example/debian',
      'http://b.example/debian',
    ])
    expect(sources[1]).toMatchObject({
      suites: ['trixie', 'trixie-updates'],
      components: ['main'],
      signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    })
  })

  it('keeps a key that stands in the file, with its blank lines', () => {
    const text = [
      'Types: deb',
      'URIs: http://a.example/ubuntu/',
      'Suites: noble',
      'Components: main universe',
      'Signed-By:',
      ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
      ' .',
      ' mQINBF',
      ' -----END PGP PUBLIC KEY BLOCK-----',
    ].join('\n')
    expect(parseDeb822Sources(text)[0]?.signedBy).toBe(
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n-----END PGP PUBLIC KEY BLOCK-----',
    )
  })
})

describe('parseOsRelease', () => {
  it.each([
    [
      'ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
      'debian',
      'bookworm',
    ],
    ['ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble', 'ubuntu', 'noble'],
    [
      'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble',
      'ubuntu',
      'noble',
    ],
    ['ID=raspbian\nID_LIKE=debian\nVERSION_CODENAME=bookworm', 'debian', 'bookworm'],
  ])('knows the family whose packages fit: %j', (text, family, codename) => {
    expect(parseOsRelease(text)).toMatchObject({ family, codename })
  })

  it('knows no packages for other systems', () => {
    expect(parseOsRelease('ID=fedora\nVERSION_ID=43')).toBeNull()
    expect(parseOsRelease('')).toBeNull()
  })
})

describe('mainSources', () => {
  const source = (uri: string, suites: string[], components = ['main']) => ({
    uri,
    suites,
    components,
    signedBy: null,
    trusted: false,
  })

  it('takes the release alone: not security, not third parties, none twice, no CD', () => {
    const picked = mainSources(
      [
        source('http://m.example/debian', ['bookworm', 'bookworm-updates']),
        source('http://m.example/debian', ['bookworm']),
        source('http://m.example/debian-security', ['bookworm-security']),
        source('http://vendor.example/apt', ['nodistro']),
        source('http://tools.example/apt', ['bookworm'], ['stable']),
        source('cdrom:[disk]/', ['bookworm']),
      ],
      'bookworm',
    )
    expect(picked.map(({ uri }) => uri)).toEqual(['http://m.example/debian'])
  })

  it('takes a source that follows a moving suite', () => {
    expect(mainSources([source('http://m.example/debian', ['testing'])], 'forky')).toHaveLength(1)
  })
})
