import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const PACKAGES = [
  'pytest',
  'pytest-asyncio',
  'httpx',
  'grpcio',
  'protobuf>=6.30.2',
  'googleapis-common-protos',
  'jsonschema',
]
/** A line is not cut off before the reason of a failure. */
const WIDTH = '300'

/**
 * The kit's own fault, where an agent does not stream. This test then means to skip itself and to say why; but its client
 * has closed the refusal without reading it, and httpx refuses to read it after that, whatever the agent answered.
 */
const OWN_FAULT = {
  test: 'tests/compatibility/core_operations/test_transport_behavior.py::TestRestStreaming::test_streaming_content_type',
  reason: 'httpx.ResponseNotRead',
} as const

/** The conformance kit, ready to run. */
export interface Kit {
  /** Tests the agent at an address. `streaming`: whether it streams. */
  test(url: string, streaming: boolean): Promise<Verdict>
}

/** What came of a run. */
export interface Verdict {
  readonly passed: boolean
  /** pytest's closing line. */
  readonly closing: string
  /** The kit's own fault was all that failed; said as such. */
  readonly note: string | null
  readonly output: string
}

/** The kit in a folder, with its Python packages in a folder of their own beside it. */
export async function openKit(folder: string): Promise<Kit> {
  const python = join(folder, '.venv-aether/bin/python')
  if (!existsSync(python)) {
    await run('python3', ['-m', 'venv', '.venv-aether'], folder)
    const { code } = await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], folder)
    if (code !== 0) throw new Error('the packages of the kit cannot be installed')
  }
  return {
    async test(url, streaming) {
      const { code, output } = await run(
        python,
        [
          ...['-m', 'pytest', 'tests/compatibility/', `--sut-host=${url}`, '-q', '-rfE'],
          ...['--transport=jsonrpc,http_json', '-p', 'no:cacheprovider'],
          ...['-o', 'asyncio_default_fixture_loop_scope=function'], // else it warns each time
        ],
        folder,
      )
      return verdictOf(code, output, streaming)
    },
  }
}

/** Reads what pytest said. Its exit code 1 means that tests failed; any other is a fault of the run itself. */
export function verdictOf(code: number, output: string, streaming: boolean): Verdict {
  const lines = output.trimEnd().split('\n')
  const closing = lines.at(-1) ?? ''
  const failures = lines.filter((line) => /^(FAILED|ERROR) /.test(line))
  const [first = ''] = failures
  const isOwn =
    code === 1 &&
    !streaming &&
    failures.length === 1 &&
    first.startsWith(`FAILED ${OWN_FAULT.test} - ${OWN_FAULT.reason}`)
  const note = isOwn
    ? `the one failure is the kit's own: ${OWN_FAULT.test} reads an answer that it has closed (${OWN_FAULT.reason})`
    : null
  // A run that skipped everything has shown nothing.
  const passed = (code === 0 || isOwn) && /\b\d+ passed\b/.test(closing)
  return { passed, closing, note, output }
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; output: string }> {
  return new Promise((done, fail) => {
    const env = { ...process.env, COLUMNS: WIDTH }
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.on('error', fail)
    child.on('close', (code) => done({ code: code ?? 1, output }))
  })
}
