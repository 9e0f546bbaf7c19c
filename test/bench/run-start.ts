import type { Db } from '../../shared/storage/db.ts'
import { createScriptedAgent, resultEvent } from '../fakes/scripted-agent.ts'
import { ask, createTestGateway } from '../functions/gateway/support.ts'

/** How long an agent was waited for, milliseconds. */
export interface RunStart {
  /** From the request: checks, conversation, message and run in one transaction, then the claim. */
  readonly fromAsked: number
  /** From the commit of that transaction. */
  readonly fromAccepted: number
}

/** A gateway in this process whose agent says when it began, and answers at once. */
export function openRunStart(db: Db): { start(): Promise<RunStart>; stop(): Promise<void> } {
  let accepted: number | null = null
  let began = Number.NaN
  const agent = createScriptedAgent(() => {
    began = performance.now()
    return [resultEvent('Done.')]
  })
  const transaction: Db['transaction'] = async (work, config) => {
    const result = await db.transaction(work, config)
    accepted ??= performance.now() // a turn's first one accepts it
    return result
  }
  const { chat, settled, gateway } = createTestGateway(
    Object.create(db, { transaction: { value: transaction } }),
    agent,
  )
  return {
    async start() {
      accepted = null
      const asked = performance.now()
      const response = await chat(ask('Are you there?'))
      if (!response.ok || accepted === null) throw new Error(await response.text())
      await response.text()
      await settled()
      return { fromAsked: began - asked, fromAccepted: began - accepted }
    },
    stop: () => gateway.drain(0),
  }
}
