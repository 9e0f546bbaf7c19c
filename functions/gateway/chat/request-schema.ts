import * as v from 'valibot'

const text = (what: string) => v.string(`${what} must be text.`)
const maybe = <T extends v.GenericSchema>(schema: T) => v.nullish(schema)

const part = v.looseObject(
  { type: text('The type of a content part'), text: maybe(text('The text of a content part')) },
  'A content part must be an object with a type.',
)

const content = v.lazy((input) =>
  Array.isArray(input) ? v.array(part) : maybe(v.string('content must be text, null, or an array of parts.')),
)

const message = v.looseObject(
  {
    role: v.picklist(
      ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
      'role must be system, developer, user, assistant, tool or function.',
    ),
    content: v.optional(content),
    name: v.optional(v.unknown()),
  },
  'A message must be an object with a role and content.',
)

const tokens = (name: string) =>
  maybe(v.pipe(v.number(`${name} must be a number.`), v.minValue(1, `${name} must be at least 1.`)))

const list = v.array(v.unknown())

/**
 * What is read of a chat completion request; everything else is accepted and ignored (contract, rule 11). Messages
 * are our own sentences: a valibot issue would carry the value.
 */
export const chatBody = v.looseObject(
  {
    messages: v.pipe(
      v.array(message, 'messages must be an array of messages.'),
      v.minLength(1, 'messages must hold at least one message.'),
    ),
    model: maybe(text('model')),
    agent: maybe(text('agent')),
    stream: maybe(v.boolean('stream must be true or false.')),
    stream_options: maybe(
      v.looseObject(
        { include_usage: maybe(v.boolean('include_usage must be true or false.')) },
        'stream_options must be an object.',
      ),
    ),
    n: maybe(v.number('n must be a number.')),
    stop: maybe(
      v.union(
        [v.string(), v.pipe(v.array(v.string()), v.maxLength(16))],
        'stop must be text or an array of at most 16 texts.',
      ),
    ),
    max_tokens: tokens('max_tokens'),
    max_completion_tokens: tokens('max_completion_tokens'),
    response_format: maybe(
      v.looseObject(
        { type: text('The type of response_format') },
        'response_format must be an object with a type.',
      ),
    ),
    conversation_id: maybe(
      v.pipe(
        text('conversation_id'),
        v.minLength(1, 'conversation_id must not be empty.'),
        v.maxLength(200, 'conversation_id must have at most 200 characters.'),
      ),
    ),
    aether: maybe(
      v.looseObject(
        { events: maybe(v.boolean('aether.events must be true or false.')) },
        'aether must be an object.',
      ),
    ),
    user: v.optional(v.unknown()),
    metadata: v.optional(v.unknown()),
    tools: v.fallback(v.optional(list), undefined),
    functions: v.fallback(v.optional(list), undefined),
  },
  'The body must be a JSON object.',
)

export type ChatBody = v.InferOutput<typeof chatBody>
export type InboundMessage = ChatBody['messages'][number]
