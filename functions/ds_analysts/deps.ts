import type { MiddlewareHandler } from 'hono'
import type { TaskStore } from '../../shared/a2a/task-store.ts'
import type { Log } from '../../shared/config/log.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import type { Sandbox } from '../../shared/sandbox/port.ts'

/** What the thinking needs. */
export interface AgentDeps {
  readonly now: Now
  readonly newId: NewId
  readonly home: HomeSource
  readonly llm: LanguageModel
  readonly sandbox: Sandbox
}

/** What the service needs beside. */
export interface DsAnalystsDeps extends AgentDeps {
  readonly log: Log
  readonly tasks: TaskStore
  readonly authenticate: MiddlewareHandler
  readonly publicUrl: string
  readonly version: string
  readonly ready: () => Promise<boolean>
}
