import type { MiddlewareHandler } from 'hono'
import type { Peer } from '../../shared/a2a/client.ts'
import type { TaskStore } from '../../shared/a2a/task-store.ts'
import type { Log } from '../../shared/config/log.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'

/** What the thinking needs. */
export interface AgentDeps {
  readonly now: Now
  readonly newId: NewId
  readonly home: HomeSource
  readonly llm: LanguageModel
  readonly dsOrchestrator: Peer
}

/** What the service needs beside. */
export interface ArchitectDeps extends AgentDeps {
  readonly log: Log
  readonly tasks: TaskStore
  readonly authenticate: MiddlewareHandler<AppEnv>
  readonly publicUrl: string
  readonly version: string
  readonly ready: () => Promise<boolean>
}
