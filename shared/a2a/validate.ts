import { TaskState, taskStateFromJSON } from '@a2a-js/sdk'
import { ContentTypeNotSupportedError } from '@a2a-js/sdk/errors'
import { AetherError } from '../errors/aether-error.ts'
import { INPUT_MODES, OUTPUT_MODES } from './protocol.ts'

// The type of everything is one too.
/** The media types that the card of an agent names. */
export interface Modes {
  readonly defaultInputModes: readonly string[]
  readonly defaultOutputModes: readonly string[]
}

const OURS: Modes = { defaultInputModes: INPUT_MODES, defaultOutputModes: OUTPUT_MODES }

/** What JSON gives for an object: values of any kind. */
type Json = Record<string, unknown>

const MAX_DEPTH = 64
const MAX_PARTS = 64
const MAX_TEXT = 262_144
/** Visible ASCII, since ids end in logs and headers. */
const ID = /^[\x21-\x7e]{1,128}$/
const MEMBERS = ['text', 'raw', 'url', 'data'] as const

function refuse(param: string, reason: string): never {
  throw new AetherError('INVALID_INPUT', `${param} ${reason}.`, { details: { param } })
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** ProtoJSON takes a field by either of its names; here it has the one with capitals. */
function byName(fields: Json): Json {
  const names = Object.keys(fields)
  if (!names.some((name) => name.includes('_'))) return fields
  const toCamel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(names.map((name) => [toCamel(name), fields[name]]))
}

function isDeeper(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (left === 0) return true
  for (const inner of Object.values(value)) if (isDeeper(inner, left - 1)) return true
  return false
}

function checkId(value: unknown, param: string): void {
  if (typeof value !== 'string' || !ID.test(value)) refuse(param, 'must be 1 to 128 visible ASCII characters')
}

function checkOptionalId(value: unknown, param: string): void {
  if (value !== undefined && value !== null && value !== '') checkId(value, param)
}

function checkWhole(value: unknown, param: string, least: number, most: number): void {
  if (value === undefined || value === null) return
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    refuse(param, `must be a whole number from ${least} to ${most}`)
}

function bareType(mediaType: string): string {
  return mediaType.split(';')[0]?.trim().toLowerCase() ?? ''
}

/** True where one of two media types stands for the other. */
function matches(a: string, b: string): boolean {
  if (a === b || a === '*/*' || b === '*/*') return true
  const [family] = b.split('/')
  return a === `${family}/*` || b === `${a.split('/')[0]}/*`
}

function checkPart(given: unknown, param: string, modes: readonly string[]): void {
  if (!isObject(given)) refuse(param, 'must be an object')
  const part = byName(given)
  const present = MEMBERS.filter((name) => part[name] !== undefined && part[name] !== null)
  if (present.length !== 1) refuse(param, 'must have exactly one of text, raw, url, data')
  const [member] = present
  const takesFiles = modes.some((mode) => !(INPUT_MODES as readonly string[]).includes(mode))
  if ((member === 'raw' || member === 'url') && !takesFiles)
    throw new ContentTypeNotSupportedError(`${param} is a file; text and data are what this agent takes`)
  if (member === 'text') {
    if (typeof part.text !== 'string') refuse(`${param}.text`, 'must be a string')
    if (part.text.length > MAX_TEXT)
      throw new AetherError('TOO_LARGE', `${param}.text is longer than ${MAX_TEXT} characters.`)
  }
  const { mediaType } = part
  if (mediaType === undefined || mediaType === null || mediaType === '') return
  if (typeof mediaType !== 'string') refuse(`${param}.mediaType`, 'must be a string')
  if (!modes.some((mode) => matches(mode, bareType(mediaType))))
    throw new ContentTypeNotSupportedError(`${param}.mediaType is none of ${modes.join(', ')}`)
}

function checkMessage(given: unknown, modes: readonly string[]): void {
  if (!isObject(given)) refuse('message', 'must be an object')
  const message = byName(given)
  checkId(message.messageId, 'message.messageId')
  if (message.role !== 'ROLE_USER') refuse('message.role', 'must be ROLE_USER')
  checkOptionalId(message.taskId, 'message.taskId')
  checkOptionalId(message.contextId, 'message.contextId')
  const { parts } = message
  if (!Array.isArray(parts) || parts.length === 0)
    refuse('message.parts', 'must be a list of at least one part')
  if (parts.length > MAX_PARTS) refuse('message.parts', `must be a list of at most ${MAX_PARTS} parts`)
  parts.forEach((part, index) => {
    checkPart(part, `message.parts[${index}]`, modes)
  })
}

function checkConfiguration(given: unknown, ours: readonly string[]): void {
  if (given === undefined || given === null) return
  if (!isObject(given)) refuse('configuration', 'must be an object')
  const configuration = byName(given)
  checkWhole(configuration.historyLength, 'configuration.historyLength', 0, 1_000_000)
  const { acceptedOutputModes: modes, taskPushNotificationConfig: wish } = configuration
  if (wish !== undefined && wish !== null) {
    if (!isObject(wish)) refuse('configuration.taskPushNotificationConfig', 'must be an object')
    checkWish(wish, 'configuration.taskPushNotificationConfig.')
  }
  if (modes === undefined || modes === null) return
  if (!Array.isArray(modes) || !modes.every((mode): mode is string => typeof mode === 'string'))
    refuse('configuration.acceptedOutputModes', 'must be a list of strings')
  if (modes.length > 0 && !modes.some((mode) => ours.some((our) => matches(our, bareType(mode)))))
    throw new ContentTypeNotSupportedError(`configuration.acceptedOutputModes has none of ${ours.join(', ')}`)
}

/** A wish to be notified, below a path. */
function checkWish(given: Json, path: string): void {
  const wish = byName(given)
  checkOptionalId(wish.id, `${path}id`)
  if (typeof wish.url !== 'string' || wish.url === '') refuse(`${path}url`, 'must be a URL')
  if (wish.token !== undefined && typeof wish.token !== 'string') refuse(`${path}token`, 'must be a string')
  const { authentication } = wish
  if (authentication === undefined || authentication === null) return
  if (!isObject(authentication) || typeof authentication.scheme !== 'string')
    refuse(`${path}authentication.scheme`, 'must be a string')
  if (authentication.credentials !== undefined && typeof authentication.credentials !== 'string')
    refuse(`${path}authentication.credentials`, 'must be a string')
}

function checkList(params: Json): void {
  checkOptionalId(params.contextId, 'contextId')
  checkWhole(params.pageSize, 'pageSize', 1, 100)
  checkWhole(params.historyLength, 'historyLength', 0, 1_000_000)
  if (params.pageToken !== undefined && typeof params.pageToken !== 'string')
    refuse('pageToken', 'must be a string')
  const { status, statusTimestampAfter: after } = params
  if (status !== undefined && status !== '' && taskStateFromJSON(status) === TaskState.UNRECOGNIZED)
    refuse('status', 'must be a task state')
  if (after !== undefined && after !== '' && (typeof after !== 'string' || Number.isNaN(Date.parse(after))))
    refuse('statusTimestampAfter', 'must be an ISO 8601 instant')
}

/**
 * Checks the parameters of a method before the SDK's codecs, which take almost anything, read them. `params` is parsed
 * JSON. Throws INVALID_INPUT with path and reason, TOO_LARGE, or ContentTypeNotSupported; unknown fields pass.
 */
export function checkParams(method: string, given: unknown, modes: Modes = OURS): void {
  if (given === undefined && method === 'GetExtendedAgentCard') return
  if (!isObject(given)) refuse('params', 'must be an object')
  const params = byName(given)
  if (isDeeper(params, MAX_DEPTH))
    throw new AetherError('TOO_LARGE', `The request is nested deeper than ${MAX_DEPTH}.`)
  if (params.tenant !== undefined && params.tenant !== null && params.tenant !== '')
    refuse('tenant', 'must be empty: there are no tenants here')
  switch (method) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      checkMessage(params.message, modes.defaultInputModes)
      checkConfiguration(params.configuration, modes.defaultOutputModes)
      break
    case 'GetTask':
      checkId(params.id, 'id')
      checkWhole(params.historyLength, 'historyLength', 0, 1_000_000)
      break
    case 'CancelTask':
    case 'SubscribeToTask':
      checkId(params.id, 'id')
      break
    case 'ListTasks':
      checkList(params)
      break
    case 'CreateTaskPushNotificationConfig':
      checkId(params.taskId, 'taskId')
      checkWish(params, '')
      break
    case 'GetTaskPushNotificationConfig':
    case 'DeleteTaskPushNotificationConfig':
      checkId(params.taskId, 'taskId')
      checkId(params.id, 'id')
      break
    case 'ListTaskPushNotificationConfigs':
      checkId(params.taskId, 'taskId')
      break
  }
}
