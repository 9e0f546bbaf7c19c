import type { AgentCard, TaskState } from '@a2a-js/sdk'
import type { AgentEvent, AgentExecutor } from '@a2a-js/sdk/server'

/** The parts of the official SDK that an agent is made of; each installation of it has its own. */
interface Sdk {
  readonly AgentEvent: typeof AgentEvent
  readonly TaskState: typeof TaskState
}

/** An agent of the official SDK that says as many words as its message tells, none for a message without a number. */
export function createWordsExecutor({ AgentEvent, TaskState }: Sdk): AgentExecutor {
  return {
    async execute({ taskId, contextId, userMessage }, bus) {
      const at = (state: TaskState) => ({ state, message: undefined, timestamp: new Date().toISOString() })
      bus.publish(
        AgentEvent.task({
          id: taskId,
          contextId,
          status: at(TaskState.TASK_STATE_WORKING),
          artifacts: [],
          history: [userMessage],
          metadata: undefined,
        }),
      )
      const content = userMessage.parts[0]?.content
      const words = content?.$case === 'text' ? Number(content.value) : 0
      for (let i = 0; i < words; i++) {
        await new Promise((resolve) => setImmediate(resolve)) // as a model's come
        bus.publish(
          AgentEvent.artifactUpdate({
            taskId,
            contextId,
            artifact: {
              artifactId: 'text',
              name: '',
              description: '',
              parts: [
                {
                  content: { $case: 'text', value: 'word ' },
                  mediaType: 'text/plain',
                  filename: '',
                  metadata: undefined,
                },
              ],
              metadata: undefined,
              extensions: [],
            },
            append: i > 0,
            lastChunk: i === words - 1,
            metadata: undefined,
          }),
        )
      }
      bus.publish(
        AgentEvent.statusUpdate({
          taskId,
          contextId,
          status: at(TaskState.TASK_STATE_COMPLETED),
          metadata: undefined,
        }),
      )
      bus.finished()
    },
    cancelTask: async () => {},
  }
}

/** The card of that agent at an address, as JSON. */
export function wordsCard(url: string): unknown {
  return {
    name: 'Bench',
    description: 'Says words.',
    version: '1',
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    capabilities: { streaming: true },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [{ id: 'bench', name: 'Bench', description: 'Says words.', tags: ['bench'] }],
  } satisfies Parameters<typeof AgentCard.fromJSON>[0]
}
