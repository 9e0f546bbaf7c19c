import type { AgentCard } from '@a2a-js/sdk'
import { createCard } from '../../shared/a2a/card.ts'

/** What ds_orchestrator offers to other agents. */
export function dsOrchestratorCard(url: string, version: string): AgentCard {
  return createCard({
    service: 'ds_orchestrator',
    name: 'Aether DS Orchestrator',
    description:
      'Leads the analysis of a home: picks analysts, repeats while the confidence is low, and words the findings.',
    version,
    url,
    skills: [
      {
        id: 'analyse',
        name: 'Analyse a home',
        description:
          'Answers a question about the use of energy, routines or trouble in a home with figures that can be checked.',
        tags: ['energy', 'analysis', 'home'],
        examples: ['How much electricity did we use last week, and what did it cost?'],
      },
    ],
  })
}
