import { readDataBlock } from '../data-block.ts'
import { isRecord, type OfflineRequest } from './request.ts'

/** A result of a tool since the user's last message, with the call that asked for it. */
export type ToolResult =
  | { readonly tool: 'analyze'; readonly text: string; readonly metrics: readonly ResultMetric[] }
  | {
      readonly tool: 'find_entities'
      readonly entities: readonly ResultEntity[]
      readonly exact: boolean
      readonly total: number
    }
  | {
      readonly tool: 'propose_change'
      readonly title: string
      readonly description: string
      readonly actions: readonly ResultAction[]
    }
  | {
      readonly tool: 'get_automations'
      readonly automations: readonly ResultAutomation[]
      readonly total: number
    }
  | { readonly tool: 'error'; readonly message: string }

export interface ResultMetric {
  readonly name: string
  readonly label: string | null
  readonly value: number
  readonly unit: string
}

export interface ResultEntity {
  readonly id: string
  readonly name: string
  readonly area: string | null
  readonly domain: string
  readonly deviceClass: string | null
  readonly unit: string | null
  readonly state: string
}

export interface ResultAutomation {
  readonly name: string
  readonly enabled: boolean
  readonly triggers: readonly string[]
  readonly actions: readonly string[]
  /** A last run that did not come to its end: how it ended, and where (empty where the home does not tell). */
  readonly stopped: { readonly outcome: string; readonly place: string } | null
}

export interface ResultAction {
  readonly service: string
  readonly entityIds: readonly string[]
  readonly data: Readonly<Record<string, unknown>>
}

/** Results of the tools called since the user last spoke, in their order. */
export function toolResults(request: OfflineRequest): ToolResult[] {
  const last = request.messages.findLastIndex((message) => message.role === 'user')
  return request.messages
    .slice(last + 1)
    .filter((message) => message.role === 'tool')
    .map((message) => readResult([message]))
}

function readResult(messages: Parameters<typeof readDataBlock>[0]): ToolResult {
  const block = (kind: string) => {
    const value = readDataBlock(messages, kind, ['tool'])
    return isRecord(value) ? value : null
  }
  const analysis = block('analysis')
  if (analysis)
    return {
      tool: 'analyze',
      text: text(analysis.text),
      metrics: records(analysis.metrics).flatMap(readMetric),
    }
  const entities = block('entities')
  if (entities)
    return {
      tool: 'find_entities',
      entities: records(entities.entities).map(readEntity),
      exact: entities.exact !== false,
      total: typeof entities.total === 'number' ? entities.total : records(entities.entities).length,
    }
  const automations = block('automations')
  if (automations) {
    const list = records(automations.automations).map((each) => ({
      name: text(each.name),
      enabled: each.enabled === true,
      triggers: texts(each.triggers),
      actions: texts(each.actions),
      stopped: readStop(each.last_run),
    }))
    const { total } = automations
    return {
      tool: 'get_automations',
      automations: list,
      total: typeof total === 'number' ? total : list.length,
    }
  }
  const proposal = block('proposal')
  if (proposal)
    return {
      tool: 'propose_change',
      title: text(proposal.title),
      description: text(proposal.description),
      actions: records(proposal.actions).map((action) => ({
        service: text(action.service),
        entityIds: Array.isArray(action.entity_ids) ? action.entity_ids.map(String) : [],
        data: isRecord(action.data) ? action.data : {},
      })),
    }
  return { tool: 'error', message: text(block('error')?.message) || 'A tool gave no usable result.' }
}

function readEntity(entity: Record<string, unknown>): ResultEntity {
  return {
    id: text(entity.entity_id),
    name: text(entity.name),
    area: optional(entity.area),
    domain: text(entity.domain),
    deviceClass: optional(entity.device_class),
    unit: optional(entity.unit),
    state: text(entity.state),
  }
}

/** Only what the tool looked at has a place, and that is what did not come to its end. */
function readStop(run: unknown): ResultAutomation['stopped'] {
  if (!isRecord(run) || !('stopped_at' in run)) return null
  return { outcome: text(run.outcome), place: text(run.stopped_at) }
}

function readMetric(metric: Record<string, unknown>): ResultMetric[] {
  if (typeof metric.value !== 'number') return []
  return [
    { name: text(metric.name), label: optional(metric.label), value: metric.value, unit: text(metric.unit) },
  ]
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const optional = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
const texts = (value: unknown) => (Array.isArray(value) ? value.map(text).filter(Boolean) : [])
const records = (value: unknown) => (Array.isArray(value) ? value.filter(isRecord) : [])
