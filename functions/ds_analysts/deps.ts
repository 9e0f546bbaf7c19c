import type { AgentServiceDeps } from '../../shared/a2a/agent-service.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import type { Sandbox } from '../../shared/sandbox/port.ts'
import type { Tracer } from '../../shared/tracing/tracer.ts'

/** What the thinking needs. */
export interface AgentDeps {
  readonly now: Now
  readonly newId: NewId
  readonly home: HomeSource
  readonly llm: LanguageModel
  readonly sandbox: Sandbox
  readonly tracer: Tracer
}

export interface DsAnalystsDeps extends AgentDeps, AgentServiceDeps {}
