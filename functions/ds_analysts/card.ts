import type { AgentCard } from '@a2a-js/sdk'
import { createCard } from '../../shared/a2a/card.ts'

/** What ds_analysts offers to other agents. */
export function analystsCard(url: string, version: string): AgentCard {
  return createCard({
    service: 'ds_analysts',
    name: 'Aether DS Analysts',
    description:
      'Energy, behavioral and diagnostic analysts of a home, one after the other over one shared state.',
    version,
    url,
    skills: [
      {
        id: 'energy',
        name: 'Energy',
        description:
          'Consumption, cost, peaks, baseload, devices, solar and comparisons, each figure with method, window and coverage.',
        tags: ['energy', 'cost'],
      },
      {
        id: 'behavioral',
        name: 'Behaviour',
        description: 'Routines, recurring manual actions, and how well automations fit.',
        tags: ['routines', 'automations'],
      },
      {
        id: 'diagnostic',
        name: 'Diagnostics',
        description: 'Outages, batteries, silent sensors, broken automations and the error log.',
        tags: ['devices', 'batteries', 'logs'],
      },
    ],
  })
}
