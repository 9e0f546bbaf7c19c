import { fork } from 'node:child_process'
import { ask } from '../harness/chat.ts'
import { oneProcess } from '../harness/one-process.ts'
import { compareToFloor, type Ratio } from './rounds.ts'

/** A question that is answered by three services and two calls of the model, without an analysis. */
const QUESTION = 'Which lights are on?'

/**
 * What tracing costs (target P9): whole answers of two processes' worth of services, both in this one on their own
 * databases, one without a trace server and one that sends every span to a server of another process.
 */
export async function benchTracing(): Promise<Ratio[]> {
  const receiver = await startReceiver()
  const off = await oneProcess.start({ sandbox: false })
  const on = await oneProcess.start({ sandbox: false, traces: receiver.url })
  try {
    return await compareToFloor(
      { name: 'floor: an answer without tracing', run: () => ask(off, QUESTION) },
      [{ name: 'the same with every span sent', run: () => ask(on, QUESTION) }],
      { rounds: 15, calls: 30 },
    )
  } finally {
    await on.stop()
    await off.stop()
    receiver.stop()
  }
}

/** A server that takes every export and forgets it, in a process of its own, as a real one would be. */
async function startReceiver(): Promise<{ url: string; stop(): void }> {
  const program = `
    const server = require('node:http').createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200).end())
    })
    server.listen(0, '127.0.0.1', () => process.send(server.address().port))
    process.on('disconnect', () => process.exit())`
  const child = fork('-e', [program], { execArgv: [], stdio: 'ignore' })
  const port = await new Promise((resolve) => child.once('message', resolve))
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() }
}
