import type { AgentCard } from '@a2a-js/sdk'
import { createCard } from '../../shared/a2a/card.ts'

/** What the architect offers to other agents. */
export function architectCard(url: string, version: string): AgentCard {
  return createCard({
    service: 'architect',
    name: 'Aether Architect',
    description:
      'Talks about a home: answers questions about its state, has its data analysed, and proposes changes for a human to approve.',
    version,
    url,
    skills: [
      {
        id: 'converse',
        name: 'Converse about a home',
        description: 'Answers questions about energy, routines, trouble and states of a home in plain words.',
        tags: ['home', 'conversation', 'energy'],
        examples: ['Analyze my energy usage', 'Which lights are on?', 'And the week before?'],
      },
      {
        id: 'propose',
        name: 'Propose changes',
        description: 'Turns a wish into a proposal. Nothing is executed.',
        tags: ['home', 'automation'],
        examples: ['Turn the porch light on every day at sunset'],
      },
    ],
  })
}
