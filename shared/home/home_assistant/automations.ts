import type { Automation, EntityState } from '../../domain/home-data.ts'
import type { Message } from './calls.ts'
import { orIfRefused } from './errors.ts'
import type { Missing } from './missing.ts'
import { instantIn, isRow, type Row, textIn } from './shapes.ts'

/** One automation by its state, with its configuration: by the WebSocket, else from where the editor keeps it. */
export async function readAutomation(
  state: EntityState,
  deps: {
    readonly call: (message: Message) => Promise<unknown>
    readonly get: (path: string) => Promise<string>
    readonly missing: Missing
  },
): Promise<Automation> {
  const { attributes, entityId } = state
  const answer = deps
    .call({ type: 'automation/config', entity_id: entityId })
    .then((read) => (isRow(read) && isRow(read.config) ? read.config : null))
    .catch((error: unknown) => orIfRefused(error, () => fromEditor(textIn(attributes.id), deps.get)))
  const config = await deps.missing.orElse('the automations in detail', answer, null)
  return {
    entityId,
    alias: textIn(config?.alias) ?? textIn(attributes.friendly_name) ?? entityId,
    enabled: state.state === 'on',
    lastTriggered: instantIn(attributes.last_triggered),
    config,
  }
}

async function fromEditor(id: string | null, get: (path: string) => Promise<string>): Promise<Row | null> {
  if (id === null || !/^[\w-]{1,64}$/.test(id)) return null
  const parsed: unknown = JSON.parse(await get(`/api/config/automation/config/${id}`))
  return isRow(parsed) ? parsed : null
}
