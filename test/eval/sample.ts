import type { Analysis } from '../../shared/domain/analysis.ts'
import type { AnalystName } from '../../shared/domain/names.ts'
import { fromWire } from '../../shared/domain/wire.ts'
import { ask, read } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'

export interface Delegation {
  readonly from: string
  readonly to: string
  readonly analysts: readonly AnalystName[]
}

/** One question with everything that an answer to it left behind: what scorers look at. */
export interface Sample {
  readonly name: string
  readonly question: string
  readonly answer: string
  readonly state: string
  readonly delegations: readonly Delegation[]
  readonly analyses: readonly Analysis[]
  readonly seconds: number
  readonly tokens: number
}

interface WireRun {
  readonly state: string
  readonly answer: string | null
  readonly analysis_ids: readonly string[]
  readonly usage: { readonly total_tokens: number } | null
}

/** Asks a running Aether by its public interface. */
export async function askFor(deployment: Deployment, name: string, question: string): Promise<Sample> {
  const start = performance.now()
  const streamed = await ask(deployment, question)
  const seconds = (performance.now() - start) / 1_000
  const run = await read<WireRun>(deployment, `/api/v1/runs/${streamed.runId}`)
  const analyses = await Promise.all(
    run.analysis_ids.map(
      async (id) => fromWire(await read(deployment, `/api/v1/analyses/${id}`)) as Analysis,
    ),
  )
  return {
    name,
    question,
    answer: run.answer ?? '',
    state: run.state,
    delegations: toDelegations(streamed.events),
    analyses,
    seconds,
    tokens: run.usage?.total_tokens ?? 0,
  }
}

/** The delegations among events as the wire has them. */
export function toDelegations(
  events: readonly { readonly kind: string; readonly [key: string]: unknown }[],
): Delegation[] {
  return events
    .filter((event) => event.kind === 'delegation')
    .map((event) => ({
      from: String(event.from),
      to: String(event.to),
      analysts: Array.isArray(event.analysts) ? (event.analysts as AnalystName[]) : [],
    }))
}
