/** What the orchestrator adds to the gateway's card, in whose process it runs. */
export const ORCHESTRATOR_SKILLS = [
  {
    id: 'ask',
    name: 'Ask the home',
    description:
      'Answers any question about the home; decides by itself which agent of the team answers, or asks back.',
    tags: ['home', 'energy', 'assistant'],
    examples: ['Analyze my energy usage', 'What did electricity cost last month?', 'Which lights are on?'],
  },
] as const
