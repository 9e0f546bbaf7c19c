/** The services that run as workers; the orchestrator lives in the gateway's, and the sandbox needs a machine. */
export const WORKERS = ['gateway', 'architect', 'ds_orchestrator', 'ds_analysts'] as const
export type WorkerName = (typeof WORKERS)[number]

/** Which other workers each one is bound to, by binding. */
export const BOUND: Readonly<Record<WorkerName, Readonly<Record<string, WorkerName>>>> = {
  gateway: { ARCHITECT: 'architect', DS_ORCHESTRATOR: 'ds_orchestrator', DS_ANALYSTS: 'ds_analysts' },
  architect: { DS_ORCHESTRATOR: 'ds_orchestrator' },
  ds_orchestrator: { DS_ANALYSTS: 'ds_analysts' },
  ds_analysts: {},
}

/** Workers with a database. */
export const KEEPS: readonly WorkerName[] = ['gateway', 'architect', 'ds_orchestrator']

/** As in wrangler.toml. A caller that leaves is seen by the request's signal, which is off by default. */
export const COMPATIBILITY = {
  date: '2026-07-01',
  flags: ['nodejs_compat', 'enable_request_signal'],
} as const
