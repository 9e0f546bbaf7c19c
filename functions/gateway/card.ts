import type { AgentCard } from '@a2a-js/sdk'
import { createCard, type SkillInfo } from '../../shared/a2a/card.ts'

const ASK: SkillInfo = {
  id: 'ask',
  name: 'Ask the home',
  description:
    'Answers any question about the home; decides by itself which agent of the team answers, or asks back.',
  tags: ['home', 'energy', 'assistant'],
  examples: ['Analyze my energy usage', 'What did electricity cost last month?', 'Which lights are on?'],
}

/** Told only to callers who are known: skill by skill, what the team does. */
const OF_THE_TEAM: readonly SkillInfo[] = [
  {
    id: 'energy',
    name: 'Energy',
    description:
      'Consumption, cost, peaks, baseload, devices, solar and comparisons, with method and coverage.',
    tags: ['energy', 'cost'],
    examples: ['When were the peaks last week?'],
  },
  {
    id: 'behavioral',
    name: 'Behaviour',
    description: 'Routines, recurring manual actions, and how well automations fit.',
    tags: ['routines', 'automations'],
    examples: ['What do I switch by hand every day?'],
  },
  {
    id: 'diagnostic',
    name: 'Diagnostics',
    description: 'Outages, batteries, silent sensors, broken automations and the error log.',
    tags: ['devices', 'batteries', 'logs'],
    examples: ['Which sensors have gone silent?'],
  },
  {
    id: 'propose',
    name: 'Propose changes',
    description: 'Turns a wish into a proposal for a human to approve. Nothing is executed.',
    tags: ['home', 'automation'],
    examples: ['Turn the porch light on every day at sunset'],
  },
]

/** The whole team as one agent. `origin` is the gateway as seen from outside; A2A is served below it at `/a2a`. */
export function gatewayCard(origin: string, version: string): AgentCard {
  return cardWith(origin, version, [ASK])
}

/** The same for callers with a key: what the team is asked for, skill by skill. */
export function extendedGatewayCard(origin: string, version: string): AgentCard {
  return cardWith(origin, version, [ASK, ...OF_THE_TEAM])
}

function cardWith(origin: string, version: string, skills: readonly SkillInfo[]): AgentCard {
  return createCard({
    service: 'gateway',
    name: 'Aether',
    description:
      "Answers questions about a home with numbers that can be checked: a team of agents reads the home's data, computes, cross-checks and explains. Findings come typed beside the text.",
    version,
    url: `${origin.replace(/\/+$/, '')}/a2a`,
    apiKeys: true,
    skills,
  })
}
