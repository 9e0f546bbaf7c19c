import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPool } from '../../shared/storage/db.ts'
import { type ReplicaOptions, type Replicas, startReplicas } from '../harness/replicas.ts'
import { type Asked, ask, newTag } from './client.ts'
import { type ChaosModel, createChaosModel } from './model.ts'

/** A team under fault, with all that is needed to judge what became of it. */
export interface World {
  readonly team: Replicas
  readonly model: ChaosModel
  readonly sql: ReturnType<typeof openPool>
  /** The database as the judge reaches it. */
  readonly adminUrl: string
  /** What every client saw. */
  readonly asked: Asked[]
  /** Nothing older is judged. */
  readonly since: Date
  /** How often an undisturbed question asks the model. */
  readonly whole: number
  close(): Promise<void>
}

export interface WorldOptions extends Omit<ReplicaOptions, 'model'> {
  /** How long the model thinks before each answer. */
  readonly thinkMs?: number
  /** For a judge who takes another way to the database than the team. */
  readonly adminUrl?: string
}

/** A team of its own, each service a process. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { thinkMs = 150, ...rest } = options
  const model = createChaosModel(thinkMs)
  const team = await startReplicas({ ...rest, model: model.fetch })
  const adminUrl = options.adminUrl ?? team.databaseUrl
  const sql = openPool(adminUrl, { max: 4 })
  const since = new Date()
  const asked = [await ask(team, newTag())]
  return {
    team,
    model,
    sql,
    adminUrl,
    asked,
    since,
    whole: model.calls.filter((call) => call.tag !== '').length,
    async close() {
      keepLogs(team)
      await sql.end({ timeout: 1 })
      await team.stop()
    },
  }
}

/** CHAOS_LOGS names a folder for what the processes have logged. */
function keepLogs(team: Replicas): void {
  const folder = process.env.CHAOS_LOGS
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  for (const service of team.services)
    for (const replica of team.direct[service].keys())
      writeFileSync(
        join(folder, `${service}-${replica}-${Date.now()}.log`),
        team.program(service, replica).output(),
      )
}
