import { describe, expect, it } from 'vitest'
import { checkArtifacts, MAX_ARTIFACTS } from '../../../infrastructure/gvisor/artifacts.ts'

const raw = (name: string, content: string | Buffer) => ({
  name,
  data: Buffer.from(content).toString('base64'),
})

/** The outer form of a PNG of this size; its pixels are not looked at. */
function png(width: number, height: number, end = 'IEND'): Buffer {
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  return Buffer.concat([head, size, Buffer.alloc(20), Buffer.from(`${end}abcd`)])
}

const reasonOf = (name: string, content: string | Buffer) => {
  const { artifacts, refused } = checkArtifacts([raw(name, content)])
  expect(artifacts.length + refused.length).toBe(1)
  return refused[0]?.reason ?? 'taken'
}

describe('checkArtifacts', () => {
  it('takes each of the four types, with type and size of what is kept', () => {
    const { artifacts, refused } = checkArtifacts([
      raw('a.png', png(640, 480)),
      raw('b.svg', '<svg onload="x()"></svg>'),
      raw('c.csv', 'x,y\n1,2\n'),
      raw('d e-1.json', '{"x": [1]}'),
    ])
    expect(refused).toEqual([])
    expect(artifacts).toMatchObject([
      { name: 'a.png', type: 'image/png', encoding: 'base64' },
      { name: 'b.svg', type: 'image/svg+xml', content: '<svg></svg>', bytes: 11 },
      { name: 'c.csv', type: 'text/csv', content: 'x,y\n1,2\n', bytes: 8 },
      { name: 'd e-1.json', type: 'application/json', content: '{"x": [1]}' },
    ])
  })

  it.each([
    ['../../x.csv', '1'],
    ['/etc/x.csv', '1'],
    ['.hidden.csv', '1'],
    ['a/b.csv', '1'],
    ['a\u0000.csv', '1'],
    ['a\n.csv', '1'],
    ['a\u202ecsv.exe', '1'],
    ['a.html', '1'],
    ['a.csv.exe', '1'],
    ['', '1'],
    [`${'a'.repeat(100)}.csv`, '1'],
  ])('refuses the name %j', (name, content) => {
    expect(reasonOf(name, content)).toContain('a name is plain')
  })

  it.each([
    ['a.png', 'GIF89a', 'it is not a PNG'],
    ['a.png', png(1, 1, 'IDAT'), 'it is not a PNG'],
    ['a.png', png(0, 1), 'its sides are not within'],
    ['a.png', png(100_000, 100_000), 'its sides are not within'],
    ['a.svg', '<html></html>', 'it is not an SVG'],
    ['a.json', '{nope', 'it is not JSON'],
    ['a.csv', Buffer.from([0xff, 0xfe, 0x00]), 'it is not UTF-8'],
    ['a.csv', 'MZ\u0000\u0001', 'it holds control characters'],
    ['a.csv', 'x'.repeat(1_048_577), 'too large'],
  ])('refuses %s that is something else', (name, content, reason) => {
    expect(reasonOf(name, content)).toContain(reason)
  })

  it('refuses a name twice, also in other letters, and more than there may be', () => {
    expect(checkArtifacts([raw('a.csv', '1'), raw('A.csv', '2')]).refused[0]?.reason).toContain('another')
    const many = Array.from({ length: MAX_ARTIFACTS + 2 }, (_, i) => raw(`a${i}.csv`, '1'))
    const { artifacts, refused } = checkArtifacts(many)
    expect([artifacts.length, refused.length]).toEqual([MAX_ARTIFACTS, 2])
  })

  it('keeps no more than 4 MiB together', () => {
    const five = Array.from({ length: 5 }, (_, i) => raw(`a${i}.csv`, 'x'.repeat(1_000_000)))
    expect(checkArtifacts(five).artifacts).toHaveLength(4)
  })

  it('shows a refused name without what could lead a reader astray', () => {
    const [refused] = checkArtifacts([raw(`\u001b[31m${'x'.repeat(500)}`, '1')]).refused
    expect(refused?.name).toMatch(/^\?\[31mx+$/)
    expect(refused?.name.length).toBeLessThanOrEqual(100)
  })
})
