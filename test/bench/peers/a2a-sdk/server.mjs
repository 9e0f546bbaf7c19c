// @ts-nocheck its packages are here only when this folder has been installed
import { AgentCard, TaskState } from '@a2a-js/sdk'
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server'
import { DatabaseTaskStore } from '@a2a-js/sdk/server/database'
import { jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express'
import express from 'express'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

// The official SDK's server as its README puts it together: Express, no authentication, tasks in the database that the
// argument names, else in memory. A message says how many pieces of text are to come.
const url = process.argv[2]
const tasks = url
  ? new DatabaseTaskStore(
      new Kysely({
        dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 10 }) }),
      }),
    )
  : new InMemoryTaskStore()

const executor = {
  async execute({ taskId, contextId, userMessage }, bus) {
    const at = (state) => ({ state, message: undefined, timestamp: new Date().toISOString() })
    bus.publish(
      AgentEvent.task({
        id: taskId,
        contextId,
        status: at(TaskState.TASK_STATE_WORKING),
        artifacts: [],
        history: [userMessage],
        metadata: undefined,
      }),
    )
    const pieces = Number(userMessage.parts[0].content.value)
    for (let i = 0; i < pieces; i++) {
      await new Promise(setImmediate) // as a model's come
      bus.publish(
        AgentEvent.artifactUpdate({
          taskId,
          contextId,
          artifact: {
            artifactId: 'text',
            name: '',
            description: '',
            parts: [
              {
                content: { $case: 'text', value: 'word ' },
                mediaType: 'text/plain',
                filename: '',
                metadata: undefined,
              },
            ],
            metadata: undefined,
            extensions: [],
          },
          append: i > 0,
          lastChunk: i === pieces - 1,
          metadata: undefined,
        }),
      )
    }
    bus.publish(
      AgentEvent.statusUpdate({
        taskId,
        contextId,
        status: at(TaskState.TASK_STATE_COMPLETED),
        metadata: undefined,
      }),
    )
    bus.finished()
  },
  cancelTask: async () => {},
}

const card = AgentCard.fromJSON({
  name: 'Bench',
  description: 'Says words.',
  version: '1',
  supportedInterfaces: [{ url: 'http://127.0.0.1', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'bench', name: 'Bench', description: 'Says words.', tags: ['bench'] }],
})
const app = express()
app.use(
  jsonRpcHandler({
    requestHandler: new DefaultRequestHandler(card, tasks, executor),
    userBuilder: UserBuilder.noAuthentication,
  }),
)
const server = app.listen(0, '127.0.0.1', () =>
  process.send({ url: `http://127.0.0.1:${server.address().port}` }),
)
process.on('disconnect', () => process.exit())
