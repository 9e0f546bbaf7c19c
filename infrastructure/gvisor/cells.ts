import { DEFAULT_LIMITS } from '../../shared/sandbox/limits.ts'
import type { SandboxJob } from '../../shared/sandbox/port.ts'
import { type Cell, startCell } from './cell.ts'
import type { FoundSandbox } from './find.ts'
import { createHost, type Host } from './host.ts'
import { createPool, type Made, type Pool } from './pool.ts'
import { preloadFor } from './run-script.ts'
import type { RunscCall } from './runsc.ts'
import { createTemplate, type Template } from './template.ts'

/** What sandboxes that wait for any job have imported, and the most memory that their scripts can have. */
const WAITING = { preload: ['numpy', 'pandas'], memoryMb: DEFAULT_LIMITS.memoryMb }

/** From the start of runsc until Python has done its imports. On a busy machine that takes many times its usual second. */
const START_MS = 45_000
/** A restore takes 0.15 s; one that hangs must not keep its job waiting. */
const RESTORE_MS = 10_000

interface Kind {
  readonly preload: readonly string[]
  readonly memoryMb: number
  readonly image?: string | null
}

/** All sandboxes of this process: where they come from, and that all of them go. */
export interface Cells {
  /**
   * A sandbox for one job: one that waits ready (`hit`), else the one that is just being made, else one of its own. `fresh`
   * insists on one that is started for it. `made` says that it was not started for this job.
   */
  take(
    job: SandboxJob,
    options: { readonly fresh: boolean },
  ): Promise<{ readonly cell: Cell; readonly hit: boolean; readonly made: boolean }>
  readonly pool: Pool
  /** Ends all of them, waits until they are gone, and removes the private folder. */
  close(): Promise<void>
}

export function createCells(options: {
  readonly found: FoundSandbox
  readonly stateDir?: string
  readonly platform: RunscCall['platform']
  readonly poolSize: number
  readonly newId: () => string
}): Cells {
  const { found, newId } = options
  const all = new Set<Cell>()
  const begun = new Set<Promise<Cell>>()
  let closed = false
  let opened: Promise<{ host: Host; template: Template }> | null = null

  const open = async () => {
    const host = await createHost(found, options)
    const start = () => begin(host, WAITING)
    return { host, template: createTemplate({ call: host.call, folder: host.folder, start }) }
  }
  /** The folder is made with the first sandbox, and tried again where that failed. */
  const place = async () => {
    if (closed) throw new Error('the sandbox is closed')
    opened ??= open()
    try {
      return await opened
    } catch (fault) {
      opened = null
      throw fault
    }
  }

  const begin = async (host: Host, what: Kind): Promise<Cell> => {
    if (closed) throw new Error('the sandbox is closed')
    const starting = startOne(host, what)
    begun.add(starting)
    return await starting.finally(() => begun.delete(starting))
  }

  const startOne = async (host: Host, what: Kind): Promise<Cell> => {
    const cell = await startCell({
      ...host,
      ...what,
      id: `s${newId()
        .replace(/[^A-Za-z0-9]/g, '')
        .slice(-16)}`,
      nonce: `${newId()}.${newId()}`,
    })
    all.add(cell)
    const timer = setTimeout(() => cell.stop('start'), what.image ? RESTORE_MS : START_MS)
    void cell.ready.then(() => clearTimeout(timer))
    void cell.gone.then(() => all.delete(cell))
    return cell
  }

  const make = async (): Promise<Made> => {
    const { host, template } = await place()
    await template.prepare()
    const { image } = template
    if (image === null) return { cell: await begin(host, WAITING), by: 'start' }
    return { cell: await restore(host, template, image), by: 'restore' }
  }

  const restore = async (host: Host, template: Template, image: string): Promise<Cell> => {
    const cell = await begin(host, { ...WAITING, image })
    void cell.ready.then(() => {
      if (cell.stopped !== 'cancelled') template.note(cell.stderr.ready)
    })
    return cell
  }

  const pool = createPool({ size: options.poolSize, make })

  return {
    pool,
    async take(job, { fresh }) {
      const { host, template } = await place()
      const preload = preloadFor(job.script)
      const { memoryMb } = job.limits
      const fits = !fresh && memoryMb <= WAITING.memoryMb
      const ready = fits ? pool.takeReady() : null
      if (ready !== null) return { cell: ready, hit: true, made: true }
      const starting = fits && preload.length > 0 ? pool.takeStarting() : null
      if (starting !== null) return { cell: starting, hit: false, made: true }
      const image = fits ? template.image : null
      if (image !== null) return { cell: await restore(host, template, image), hit: false, made: true }
      return { cell: await begin(host, { preload, memoryMb }), hit: false, made: false }
    },
    async close() {
      closed = true
      pool.close()
      await Promise.allSettled(begun)
      for (const cell of all) cell.stop('cancelled')
      const place = await opened?.catch(() => null)
      await place?.template.close()
      await Promise.all([...all].map((cell) => cell.gone))
      await place?.host.remove()
    },
  }
}
