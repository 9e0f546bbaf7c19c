import { AetherError } from '../errors/aether-error.ts'
import type { SandboxFile, SandboxJob } from './port.ts'

export const MAX_SCRIPT_CHARS = 200_000
export const MAX_FILES = 32
export const MAX_FILE_NAME = 100
/** All files of a job together, decoded. */
export const MAX_FILES_BYTES = 8_388_608

/** A plain name: it begins with a letter, a digit or `_`, and holds only these, dots, blanks and `-`. */
const PLAIN_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u

/**
 * Refuses a job that no sandbox takes: INVALID_INPUT with path and reason, or TOO_LARGE. Names are plain, so that no name
 * can lead out of the script's folder, and differ also when case is ignored.
 */
export function checkJob(job: Pick<SandboxJob, 'script' | 'files'>): void {
  if (job.script.trim() === '') throw invalid('script', 'it is empty')
  if (job.script.length > MAX_SCRIPT_CHARS) throw tooLarge('script', `${MAX_SCRIPT_CHARS} characters`)
  if (job.script.includes('\0')) throw invalid('script', 'it holds a NUL character')
  if (job.files.length > MAX_FILES) throw tooLarge('files', `${MAX_FILES} files`)
  const names = new Set<string>()
  let bytes = 0
  for (const [index, file] of job.files.entries()) {
    checkName(file.name, `files[${index}].name`, names)
    bytes += sizeOf(file, `files[${index}]`)
    if (bytes > MAX_FILES_BYTES) throw tooLarge('files', `${MAX_FILES_BYTES} bytes together`)
  }
}

function checkName(name: string, path: string, names: Set<string>): void {
  if (name.length > MAX_FILE_NAME) throw invalid(path, `a name has at most ${MAX_FILE_NAME} characters`)
  if (!PLAIN_NAME.test(name) || name.endsWith('.') || name.endsWith(' '))
    throw invalid(path, 'a name is plain: letters, digits, dots, blanks, - and _, no folder')
  const key = name.normalize('NFC').toLowerCase()
  if (names.has(key)) throw invalid(path, 'two files have this name')
  names.add(key)
}

function sizeOf(file: SandboxFile, path: string): number {
  if (file.encoding !== 'base64') return new TextEncoder().encode(file.content).length
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(file.content) || file.content.length % 4 !== 0)
    throw invalid(`${path}.content_base64`, 'it is not base64')
  return (file.content.length / 4) * 3
}

/** INVALID_INPUT at a path of the body, with the reason and never the value. */
export function invalid(param: string, reason: string): AetherError {
  return new AetherError('INVALID_INPUT', `${param}: ${reason}.`, { details: { param } })
}

function tooLarge(param: string, most: string): AetherError {
  return new AetherError('TOO_LARGE', `${param}: at most ${most}.`, { details: { param } })
}
