import { type AgentCardDocument, createCard } from '../../shared/a2a/card.ts'

/** The whole team as one agent. `origin` is the gateway as seen from outside; A2A is served below it at `/a2a`. */
export function gatewayCard(origin: string, version: string): AgentCardDocument {
  return createCard({
    service: 'gateway',
    name: 'Aether',
    description:
      "Answers questions about a home with numbers that can be checked: a team of agents reads the home's data, computes, cross-checks and explains. Findings come typed beside the text.",
    version,
    url: `${origin.replace(/\/+$/, '')}/a2a`,
    apiKeys: true,
    skills: [
      {
        id: 'ask',
        name: 'Ask the home',
        description:
          'Answers any question about the home; decides by itself which agent of the team answers, or asks back.',
        tags: ['home', 'energy', 'assistant'],
        examples: [
          'Analyze my energy usage',
          'What did electricity cost last month?',
          'Which lights are on?',
        ],
      },
    ],
  })
}
