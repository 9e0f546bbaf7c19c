import { spawn } from 'node:child_process'

/**
 * Runs a program to its end. Its output is kept (the last 256 KiB of each stream); on time-out it is killed. It
 * stays in our process group, so that Ctrl-C ends it too.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ readonly env?: NodeJS.ProcessEnv, readonly cwd?: string, readonly timeoutMs: number }} options
 * @returns {Promise<{ ok: boolean, stdout: string, stderr: string }>} `ok` is exit code 0; a program that cannot be started is not ok, its stderr says why
 */
export function runProgram(program, args, { env, cwd, timeoutMs }) {
  return new Promise((resolve) => {
    const child = spawn(program, [...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout = (stdout + text).slice(-262_144)
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr = (stderr + text).slice(-262_144)
    })
    const timer = setTimeout(() => {
      stderr += `\nstopped after ${timeoutMs / 1000} s`
      child.kill('SIGKILL')
    }, timeoutMs)
    child.on('error', (fault) => {
      clearTimeout(timer)
      resolve({ ok: false, stdout, stderr: fault.message })
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ ok: code === 0, stdout, stderr })
    })
  })
}

/**
 * The last line of a program's complaint that says something, for a message of one line.
 * @param {string} text
 */
export function lastLine(text) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.findLast((line) => /^(E:|ERROR|error|fatal)/.test(line)) ?? lines.at(-1) ?? 'no message'
}
