import { sql } from 'drizzle-orm'
import type { Probe } from '../../functions/gateway/deps.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import { type LinkTo, needDb, type Resources } from './resources.ts'

const AGENTS: readonly ServiceName[] = ['architect', 'ds_orchestrator', 'ds_analysts']

/** What `/status` looks at: storage, home and agents are needed to answer; model and sandbox only make it better. */
export function gatewayProbes(resources: Resources, linkTo: LinkTo): Probe[] {
  return [
    storage(resources),
    home(resources),
    ...AGENTS.map((name) => agent(name, resources, linkTo)),
    model(resources),
    sandbox(resources),
  ]
}

function storage(resources: Resources): Probe {
  const db = needDb(resources)
  return {
    name: 'postgres',
    kind: 'storage',
    required: true,
    check: async () => {
      const [row] = await db.execute<{ version: string }>(
        sql`select current_setting('server_version') as version`,
      )
      return { state: 'ok', version: row?.version ?? null }
    },
  }
}

function home(resources: Resources): Probe {
  return {
    name: 'home',
    kind: 'home',
    required: true,
    check: async (signal) => {
      const info = await resources.home.info({ signal })
      return { state: 'ok', message: info.notes.join(' ') || null }
    },
  }
}

function agent(name: ServiceName, resources: Resources, linkTo: LinkTo): Probe {
  const { url, fetch } = linkTo(name)
  return {
    name,
    kind: 'agent',
    required: true,
    check: async (signal) => {
      const response = await fetch(new Request(`${url}/health`, { signal }))
      await response.body?.cancel()
      if (response.ok) return { state: 'ok', version: resources.version }
      return {
        state: 'down',
        message: `It answered ${response.status}.`,
        next: `Look at the log of ${name}.`,
      }
    },
  }
}

function model(resources: Resources): Probe {
  const { llm } = resources
  return {
    name: llm.name,
    kind: 'model',
    required: false,
    check: async (signal) => {
      if (llm.offline)
        return {
          state: 'ok',
          message: 'The built-in offline model answers.',
          next: 'Set LLM_BASE_URL, LLM_API_KEY and LLM_MODEL for a real one.',
        }
      await llm.resolve(null, signal)
      return { state: 'ok' }
    },
  }
}

function sandbox(resources: Resources): Probe {
  return {
    name: 'gvisor',
    kind: 'sandbox',
    required: false,
    check: async (signal) => {
      const status = await resources.gvisor.status(signal)
      if (status.tier === 'gvisor')
        return { state: 'ok', version: status.runsc, message: `platform ${status.platform}` }
      return {
        state: 'off',
        code: 'SANDBOX_UNAVAILABLE',
        message: status.reason,
        next: 'Run make setup. Metrics answer without it.',
      }
    },
  }
}
