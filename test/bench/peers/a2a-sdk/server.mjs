// @ts-nocheck its packages are here only when this folder has been installed
import { AgentCard, TaskState } from '@a2a-js/sdk'
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server'
import { DatabaseTaskStore } from '@a2a-js/sdk/server/database'
import { jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express'
import express from 'express'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { createWordsExecutor, wordsCard } from '../../sdk-words.ts'

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

const card = AgentCard.fromJSON(wordsCard('http://127.0.0.1'))
const executor = createWordsExecutor({ AgentEvent, TaskState })
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
