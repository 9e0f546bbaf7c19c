import { createServer } from 'node:net'
import { errorCode } from './start-fault.ts'

/** Null when the port can be taken, else the system's error code, such as `EADDRINUSE`. */
export function tryPort(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(errorCode(error) ?? error.message))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}
