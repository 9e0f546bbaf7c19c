import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { errorCode, StartFault } from '../start-fault.ts'

const LINE_END = 0x0a

/** The lines of a gzip file, without their ends, as they come. Throws StartFault for a file that cannot be read. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const unzip = createGunzip()
  const reading = pipeline(createReadStream(path), unzip)
  reading.catch(() => undefined) // told below, by the reading of `unzip`
  let rest: Buffer[] = []
  try {
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      let from = 0
      for (let to = chunk.indexOf(LINE_END); to >= 0; to = chunk.indexOf(LINE_END, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, to)]).toString('utf8')
        rest = []
        from = to + 1
      }
      if (from < chunk.length) rest.push(chunk.subarray(from))
    }
    await reading
  } catch (error) {
    throw toFault(error, path)
  }
  if (rest.length > 0) throw new StartFault(CUT)
}

export const CUT = 'The backup is not whole: its end is missing. Take another copy of it.'

function toFault(error: unknown, path: string): unknown {
  const code = errorCode(error)
  if (code === 'ENOENT') return new StartFault(`There is no file ${path}.`, { cause: error })
  if (code === 'Z_BUF_ERROR') return new StartFault(CUT, { cause: error })
  if (code === 'Z_DATA_ERROR')
    return new StartFault('The file is no backup of Aether, or it is damaged.', { cause: error })
  if (code === 'EACCES' || code === 'EISDIR')
    return new StartFault(`The file ${path} cannot be read (${code}).`, { cause: error })
  return error
}
