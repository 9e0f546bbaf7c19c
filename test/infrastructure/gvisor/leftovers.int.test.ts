import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claim, createStateFolder } from '../../../infrastructure/gvisor/leftovers.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'sbt-'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

const HOUR_AGO = new Date(Date.now() - 3_600_000)

/** A folder as another process left it. */
async function left(
  name: string,
  owner: string | null,
  seen = new Date(),
  namespace?: string,
): Promise<string> {
  const folder = join(base, `aether-sb-${name}`)
  await mkdir(folder)
  if (namespace !== undefined) await writeFile(join(folder, 'namespace'), namespace)
  if (owner !== null) {
    await writeFile(join(folder, 'owner'), owner)
    await utimes(join(folder, 'owner'), seen, seen)
  }
  await utimes(folder, seen, seen)
  return `aether-sb-${name}`
}

describe('createStateFolder', () => {
  it('leaves the folder of a runner that lives, also of one beside it in the same place', async () => {
    const [one, two] = await Promise.all([createStateFolder(base), createStateFolder(base)])
    const three = await createStateFolder(base)
    expect(new Set([one, two, three]).size).toBe(3)
    expect(await readdir(base)).toHaveLength(3)
  })

  it('removes what a dead one left, and nothing of one that is just being made', async () => {
    const mark = await readFile(join(await createStateFolder(base), 'owner'), 'utf8')
    await left('dead', mark.replace(/^\d+ \d+/, '1 1'))
    const young = await left('young', null)
    await left('old', null, HOUR_AGO)
    await createStateFolder(base)
    const names = await readdir(base)
    expect(names).toContain(young)
    expect(names).not.toContain('aether-sb-dead')
    expect(names).not.toContain('aether-sb-old')
  })

  it('is alive also to a runner of an older version, which knows the mark without more', async () => {
    const folder = await createStateFolder(base)
    expect(await readFile(join(folder, 'owner'), 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+$`))
    await rm(join(folder, 'namespace'))
    await createStateFolder(base)
    expect(await readdir(base)).toHaveLength(2)
  })

  it('cannot see processes of another container: there the time tells since when it was last claimed', async () => {
    const living = await left('living', '1 1', new Date(), 'pid:[1]')
    await left('gone', '1 1', HOUR_AGO, 'pid:[1]')
    await createStateFolder(base)
    expect(await readdir(base)).toContain(living)
    expect(await readdir(base)).not.toContain('aether-sb-gone')
  })

  it('goes round what is no folder of its own: a link that a stranger put there is not followed', async () => {
    const target = join(base, 'precious')
    await mkdir(target)
    await writeFile(join(target, 'file'), 'x')
    await utimes(target, HOUR_AGO, HOUR_AGO)
    await symlink(target, join(base, 'aether-sb-link'))
    await writeFile(join(base, 'aether-sb-file'), 'x')
    await createStateFolder(base)
    expect(await readdir(target)).toEqual(['file'])
    expect(await readdir(base)).toEqual(expect.arrayContaining(['aether-sb-link', 'aether-sb-file']))
  })

  it('a claim that a cleaner has removed is made again', async () => {
    const folder = await createStateFolder(base)
    const owner = await readFile(join(folder, 'owner'), 'utf8')
    await rm(join(folder, 'owner'))
    await claim(folder)
    expect(await readFile(join(folder, 'owner'), 'utf8')).toBe(owner)
  })
})
