/** The services of a deployment, by the names that events, tokens, cards and variables use. */
export const SERVICES = [
  'gateway',
  'orchestrator',
  'architect',
  'ds_orchestrator',
  'ds_analysts',
  'sandbox_runner',
] as const
export type ServiceName = (typeof SERVICES)[number]

/** The analysts of ds_analysts, in the order in which they always run. */
export const ANALYSTS = ['energy', 'behavioral', 'diagnostic'] as const
export type AnalystName = (typeof ANALYSTS)[number]

/** What a client can ask for by model id (`aether/<name>`) or by the body's `agent` field. */
export const AGENTS = ['auto', 'architect', ...ANALYSTS, 'utility'] as const
export type AgentName = (typeof AGENTS)[number]

/** True when the text names an analyst. */
export function isAnalyst(name: string): name is AnalystName {
  return (ANALYSTS as readonly string[]).includes(name)
}

/** True when the text names an agent that a client can address. */
export function isAgent(name: string): name is AgentName {
  return (AGENTS as readonly string[]).includes(name)
}
