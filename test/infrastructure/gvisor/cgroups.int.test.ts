import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openCgroups } from '../../../infrastructure/gvisor/cgroups.ts'
import { cgroupFolders, openRealSandbox, type RealSandbox, WITHOUT_SANDBOX } from './real-sandbox.ts'

const probe = await openCgroups(`aether-sb-probe-${process.pid}`)
await probe?.remove()
if (probe === null) console.warn('no cgroup can be made here: what they add is NOT tested')

describe.skipIf(WITHOUT_SANDBOX || probe === null)('memory cgroups in real gVisor', () => {
  let real: RealSandbox
  beforeEach(async () => {
    real = await openRealSandbox()
  })
  afterEach(() => real.close())

  /** The cgroup of the one script that runs. */
  const groupOf = async () => {
    const [folder = ''] = await cgroupFolders(real.stateDir)
    const [id = ''] = (await real.leftovers()).flatMap((line) => /^cgroup (.+)/.exec(line)?.[1] ?? [])
    return join(folder, id)
  }
  const file = async (group: string, ...names: string[]) => {
    const there = (await readdir(group)).find((name) => names.includes(name)) ?? ''
    return join(group, there)
  }

  it('hold a sandbox whole, with a limit, and our own process outside; both are gone afterwards', async () => {
    const running = real.run('import time; print("on", flush=True); time.sleep(2)')
    const group = await vi.waitFor(
      async () => {
        const found = await groupOf()
        expect(
          (await readFile(join(found, 'cgroup.procs'), 'utf8')).trim().split('\n').length,
        ).toBeGreaterThan(2)
        return found
      },
      { timeout: 5_000 },
    )
    const inside = (await readFile(join(group, 'cgroup.procs'), 'utf8')).trim().split('\n').map(Number)
    expect(inside).not.toContain(process.pid)
    const named = await Promise.all(
      inside.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    )
    expect(named.filter((text) => text !== '' && !text.includes('runsc') && !text.includes('exe'))).toEqual(
      [],
    )
    const limit = await file(group, 'memory.limit_in_bytes', 'memory.max')
    expect(Number(await readFile(limit, 'utf8'))).toBe((512 + 64 + 160 + 64) * 1_048_576)
    expect(await running).toMatchObject({ exitClass: 'ok' })
    await vi.waitFor(async () => expect(await real.leftovers()).toEqual([]), { timeout: 2_000 })
    const [folder = ''] = await cgroupFolders(real.stateDir)
    await real.sandbox.close()
    expect(await readdir(join(folder, '..'))).not.toContain(basename(folder))
  })

  it('end as memory what grows faster than the watch looks', async () => {
    const script = [
      'import time',
      'print("on", flush=True)',
      'time.sleep(2)',
      'x = b"x" * (300 << 20)',
      'time.sleep(5)',
    ].join('\n')
    const running = real.run(script)
    const group = await vi.waitFor(async () => {
      const found = await groupOf()
      const pids = (await readFile(join(found, 'cgroup.procs'), 'utf8')).trim().split('\n')
      expect(pids.length).toBeGreaterThan(2)
      return found
    }, 5_000)
    // The limit is set below what the watch would allow, as if the script had outrun it.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await writeFile(await file(group, 'memory.limit_in_bytes', 'memory.max'), String(180 * 1_048_576))
    expect(await running).toMatchObject({ exitClass: 'memory', result: null })
    await vi.waitFor(async () => expect(await real.leftovers()).toEqual([]), { timeout: 2_000 })
  })
})
