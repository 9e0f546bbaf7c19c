import type { HomeSource } from '../home/port.ts'
import type { LanguageModel } from '../llm/port.ts'
import type { Sandbox } from '../sandbox/port.ts'
import { traceHome } from './traced-home.ts'
import { traceModel } from './traced-model.ts'
import { traceSandbox } from './traced-sandbox.ts'
import { NO_TRACER, type Tracer } from './tracer.ts'

/** What an agent calls and traces show; an agent has some of it. */
interface Traceable {
  readonly tracer: Tracer
  readonly llm?: LanguageModel
  readonly home?: HomeSource
  readonly sandbox?: Sandbox
}

/** An agent's deps whose model, home and sandbox make their spans below the given one. */
export function bindTrace<D extends Traceable>(deps: D, parent: string): D {
  const { tracer, llm, home, sandbox } = deps
  if (tracer === NO_TRACER) return deps
  return {
    ...deps,
    ...(llm ? { llm: traceModel(llm, tracer, parent) } : {}),
    ...(home ? { home: traceHome(home, tracer, parent) } : {}),
    ...(sandbox ? { sandbox: traceSandbox(sandbox, tracer, parent) } : {}),
  }
}
