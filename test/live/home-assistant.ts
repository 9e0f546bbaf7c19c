import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../harness/free-ports.ts'
import { type Program, watch } from '../harness/program.ts'
import { writeConfiguration } from './configuration.ts'
import { onboard } from './onboard.ts'

/** A real Home Assistant that runs on loopback. */
export interface RunningHomeAssistant {
  readonly url: string
  /** A long-lived token of its owner. */
  readonly token: string
  stop(): Promise<void>
}

const START_MS = 90_000
const STOP_MS = 30_000

/** Runs it as `-m homeassistant` does, but asks the kernel to end it (SIGTERM) when we are killed. */
const RUN = [
  'import ctypes, runpy, signal',
  'PR_SET_PDEATHSIG = 1',
  'ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)',
  'runpy.run_module("homeassistant", run_name="__main__")',
].join('\n')

/**
 * Starts one with a fresh configuration in a folder of its own under `place`, by an interpreter that has it installed,
 * and makes its owner.
 */
export async function startHomeAssistant(python: string, place: string): Promise<RunningHomeAssistant> {
  const folder = mkdtempSync(join(place, 'home-'))
  const port = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  writeConfiguration(folder, port)
  const program = watch(
    spawn(python, ['-c', RUN, '--config', folder, '--skip-pip'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Without PYTHONDONTWRITEBYTECODE, with which it would compile itself at every start.
      env: { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8' },
    }),
  )
  // On Ctrl-C nobody waits for it, and it must not write into a folder that is being removed.
  const kill = () => program.child.kill('SIGKILL')
  process.prependOnceListener('exit', kill)
  const stop = async () => {
    program.child.kill('SIGTERM')
    const late = setTimeout(kill, STOP_MS)
    await program.ended
    clearTimeout(late)
    process.off('exit', kill)
  }
  try {
    // A request without a token would write a warning about a failed login; this page needs none.
    await untilAnswers(program, `${url}/manifest.json`, {}, () => true)
    const token = await onboard(url)
    await untilAnswers(program, `${url}/api/config`, { authorization: `Bearer ${token}` }, isRunning)
    return { url, token, stop }
  } catch (error) {
    await stop()
    throw new Error(`Home Assistant did not start: ${program.output().slice(0, 4_000)}`, { cause: error })
  }
}

function isRunning(body: string): boolean {
  return (JSON.parse(body) as { readonly state?: string }).state === 'RUNNING'
}

async function untilAnswers(
  program: Program,
  url: string,
  headers: Readonly<Record<string, string>>,
  fits: (body: string) => boolean,
): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; ) {
    if (program.child.exitCode !== null) throw new Error(`it ended with code ${program.child.exitCode}`)
    // Refused until it listens.
    const response = await fetch(url, { headers }).catch(() => null)
    if (response?.ok && fits(await response.text())) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${new URL(url).pathname} was not as hoped for within ${START_MS / 1000} s`)
}
