import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBinaries, reachableBinaries } from '../../infrastructure/node/postgres/binaries.ts'
import { startEmbeddedPostgres } from '../../infrastructure/node/postgres/embedded.ts'
import { isPostgresOf, readPidFile } from '../../infrastructure/node/postgres/pid-file.ts'
import { startServer, until } from '../../infrastructure/node/postgres/server-process.ts'
import { type FaultProxy, startFaultProxy } from '../harness/fault-proxy.ts'

/** A real Postgres of a test's own, with its disk waited for, that can be killed and started again at its old address. */
export interface ChaosPostgres {
  /** Through the link, as a team is to reach it. */
  readonly url: string
  /** Past the link. */
  readonly adminUrl: string
  readonly link: FaultProxy
  /** Ends it without a word: `kill -9` of the postmaster, or an immediate stop. */
  down(how: 'kill' | 'immediate'): Promise<void>
  /** Starts it again; resolves when it lets clients in. */
  up(): Promise<void>
  close(): Promise<void>
}

const TRIES = 40

/** Starts one on an empty cluster. */
export async function startChaosPostgres(): Promise<ChaosPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aether-chaos-'))
  const server = await startEmbeddedPostgres({ dataDir, exclusive: false })
  const { place } = server
  const { port } = readPidFile(place.cluster) ?? { port: 0 }
  const binaries = reachableBinaries(findBinaries(), place.user, place.folder)
  const link = await startFaultProxy([port])
  const url = new URL(server.tcpUrl)
  url.port = String(link.port)
  const down = async (how: 'kill' | 'immediate') => {
    const pid = readPidFile(place.cluster)?.pid
    if (pid === undefined || !isPostgresOf(place.cluster, pid)) return
    process.kill(pid, how === 'kill' ? 'SIGKILL' : 'SIGQUIT')
    await until(() => !isPostgresOf(place.cluster, pid), 10_000)
  }
  const isUp = () => {
    const file = readPidFile(place.cluster)
    return file?.ready === true && isPostgresOf(place.cluster, file.pid)
  }
  return {
    url: url.href,
    adminUrl: server.tcpUrl,
    link,
    down,
    async up() {
      for (let tries = 1; ; tries++) {
        try {
          await startServer(place, binaries, { port })
        } catch (error) {
          // Children of the one that was killed hold its memory for a moment.
          if (tries >= TRIES) throw error
        }
        // Until the one that was killed is reaped, the new one takes its file for that of a living server.
        if (isUp()) return
        if (tries >= TRIES) throw new Error('Postgres does not come back')
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    async close() {
      await link.close()
      await server.stop().catch(() => undefined)
      await down('immediate')
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
