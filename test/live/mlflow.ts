import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../harness/free-ports.ts'
import { watch } from '../harness/program.ts'

const START_MS = 90_000
const POLL_MS = 200

/** Becomes the server, but asks the kernel to end it (SIGTERM) when we are killed. */
const RUN = [
  'import ctypes, os, signal, sys',
  'PR_SET_PDEATHSIG = 1',
  'ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)',
  'os.execv(sys.argv[1], sys.argv[1:])',
].join('\n')

/** Starts a real MLflow server with an SQL store in a folder of its own, by the programs of a virtual environment. */
export async function startMlflow(
  bin: string,
  place: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(place, 'mlflow-'))
  const port = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const server = ['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1']
  const store = ['--backend-store-uri', `sqlite:///${folder}/mlflow.db`, '--artifacts-destination', folder]
  const program = watch(
    spawn(join(bin, 'python'), ['-c', RUN, join(bin, 'mlflow'), ...server, ...store], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // with its workers it ends as one group
      // Without PYTHONDONTWRITEBYTECODE, with which it would compile itself at every start.
      env: {
        PATH: `${bin}:${process.env.PATH}`,
        HOME: folder,
        LC_ALL: 'C.UTF-8',
        MLFLOW_DISABLE_TELEMETRY: 'true',
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      },
    }),
  )
  const { child } = program
  const end = (signal: NodeJS.Signals) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    process.kill(-child.pid, signal)
  }
  process.prependOnceListener('exit', () => end('SIGKILL'))
  const stop = async () => {
    end('SIGTERM')
    const late = setTimeout(() => end('SIGKILL'), 10_000)
    await program.ended
    clearTimeout(late)
  }
  for (let left = START_MS / POLL_MS; left > 0 && child.exitCode === null; left--) {
    const answer = await fetch(`${url}/health`).catch(() => null)
    if (answer?.ok) return { url, stop }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  const said = program.output().slice(0, 4_000)
  await stop()
  throw new Error(`MLflow did not start: ${said}`)
}
