/** One row a code; every column is mandatory, so a gap does not compile. Facts: HTTP, JSON-RPC and OpenAI wires. */
export interface ErrorRow {
  readonly http: number
  readonly jsonrpc: number
  readonly openaiType: 'invalid_request_error' | 'rate_limit_error' | 'server_error'
  /** The code on our JSON wires: OpenAI's own name where its clients look for one. */
  readonly wire: string
  readonly retryable: boolean
  /** What is wrong, for a reader who knows nothing of the inside. */
  readonly message: string
  /** What to do next. */
  readonly suggestion: string
}

const bad = { openaiType: 'invalid_request_error', retryable: false } as const
const down = { openaiType: 'server_error', retryable: true, http: 503, jsonrpc: -32603 } as const

export const ERRORS = {
  INVALID_INPUT: {
    ...bad,
    http: 400,
    jsonrpc: -32602,
    wire: 'invalid_input',
    message: 'The request is not valid.',
    suggestion: 'Correct the named field and send it again.',
  },
  UNSUPPORTED_VALUE: {
    ...bad,
    http: 400,
    jsonrpc: -32602,
    wire: 'unsupported_value',
    message: 'This value is not supported.',
    suggestion: 'Leave the named field out, or use a supported value.',
  },
  MALFORMED_JSON: {
    ...bad,
    http: 400,
    jsonrpc: -32700,
    wire: 'malformed_json',
    message: 'The body is not valid JSON.',
    suggestion: 'Send a JSON object with Content-Type: application/json.',
  },
  UNAUTHENTICATED: {
    ...bad,
    http: 401,
    jsonrpc: -32600,
    wire: 'invalid_api_key',
    message: 'No valid API key was given.',
    suggestion:
      'Send the key as Authorization: Bearer, X-API-Key or api-key; API_KEY in .env is the first one.',
  },
  FORBIDDEN: {
    ...bad,
    http: 403,
    jsonrpc: -32600,
    wire: 'forbidden',
    message: 'This key may not do that.',
    suggestion: 'Use a key that has the scope.',
  },
  NOT_FOUND: {
    ...bad,
    http: 404,
    jsonrpc: -32602,
    wire: 'not_found',
    message: 'There is no such thing here.',
    suggestion: 'Check the path and the id.',
  },
  MODEL_NOT_FOUND: {
    ...bad,
    http: 404,
    jsonrpc: -32602,
    wire: 'model_not_found',
    message: 'There is no such model or agent.',
    suggestion: 'GET /api/v1/models lists those that exist.',
  },
  METHOD_NOT_ALLOWED: {
    ...bad,
    http: 405,
    jsonrpc: -32601,
    wire: 'method_not_allowed',
    message: 'This path does not take that method.',
    suggestion: 'Use a method that the Allow header names.',
  },
  TASK_NOT_FOUND: {
    ...bad,
    http: 404,
    jsonrpc: -32001,
    wire: 'task_not_found',
    message: 'There is no such task.',
    suggestion: 'Send the message again.',
  },
  TASK_NOT_CANCELABLE: {
    ...bad,
    http: 400,
    jsonrpc: -32002,
    wire: 'task_not_cancelable',
    message: 'The task has already ended.',
    suggestion: 'Read its result.',
  },
  UNSUPPORTED_OPERATION: {
    ...bad,
    http: 400,
    jsonrpc: -32004,
    wire: 'unsupported_operation',
    message: 'This operation is not supported.',
    suggestion: 'The agent card lists what is.',
  },
  CONFLICT: {
    ...bad,
    http: 409,
    jsonrpc: -32602,
    wire: 'conflict',
    message: 'The state has changed meanwhile.',
    suggestion: 'Read the present state first.',
  },
  IDEMPOTENCY_MISMATCH: {
    ...bad,
    http: 409,
    jsonrpc: -32602,
    wire: 'idempotency_mismatch',
    message: 'This Idempotency-Key was used with another body.',
    suggestion: 'Use a new key for a new request.',
  },
  CANCELLED: {
    ...bad,
    http: 409,
    jsonrpc: -32603,
    wire: 'cancelled',
    message: 'The run was cancelled.',
    suggestion: 'Ask again when you want an answer.',
  },
  TOO_LARGE: {
    ...bad,
    http: 413,
    jsonrpc: -32602,
    wire: 'too_large',
    message: 'The request is too large.',
    suggestion: 'Send at most 1 MB, 2,000 messages, and 64 KB of text in each.',
  },
  RATE_LIMITED: {
    openaiType: 'rate_limit_error',
    retryable: true,
    http: 429,
    jsonrpc: -32603,
    wire: 'rate_limited',
    message: 'Too many runs at once for this key.',
    suggestion: 'Wait until one of them has ended.',
  },
  BUDGET_EXHAUSTED: {
    openaiType: 'rate_limit_error',
    retryable: false,
    http: 429,
    jsonrpc: -32603,
    wire: 'insufficient_quota',
    message: 'This key has used up its tokens of the last 24 hours.',
    suggestion: 'Wait until some of them have aged, or give the key a larger budget.',
  },
  AGENT_UNAVAILABLE: {
    ...down,
    wire: 'agent_unavailable',
    message: 'An agent of the team does not answer.',
    suggestion: 'Try again shortly; /api/v1/status names it.',
  },
  LLM_UNAVAILABLE: {
    ...down,
    wire: 'llm_unavailable',
    message: 'The language model does not answer.',
    suggestion: 'Check LLM_BASE_URL, LLM_API_KEY and LLM_MODEL, or try again.',
  },
  HOME_UNAVAILABLE: {
    ...down,
    wire: 'home_unavailable',
    message: 'The home cannot be read.',
    suggestion: 'Check the source of the home; /api/v1/status says more.',
  },
  STORAGE_UNAVAILABLE: {
    ...down,
    wire: 'storage_unavailable',
    message: 'The database does not answer.',
    suggestion: 'Try again shortly.',
  },
  SERVER_SHUTDOWN: {
    ...down,
    wire: 'server_shutdown',
    message: 'The server is shutting down.',
    suggestion: 'Try again shortly: the same run is resumed.',
  },
  INTERRUPTED: {
    ...down,
    wire: 'interrupted',
    message: 'The run was interrupted and could not be resumed.',
    suggestion: 'Ask again.',
  },
  SANDBOX_UNAVAILABLE: {
    ...down,
    retryable: false,
    wire: 'sandbox_unavailable',
    message: 'No gVisor sandbox is there, so no script runs.',
    suggestion: 'Run make setup; metrics work without it.',
  },
  DEADLINE_EXCEEDED: {
    openaiType: 'server_error',
    retryable: false,
    http: 504,
    jsonrpc: -32603,
    wire: 'deadline_exceeded',
    message: 'The time for this turn was used up.',
    suggestion: 'Ask for less at once, or raise TURN_TIMEOUT_S.',
  },
  INTERNAL: {
    openaiType: 'server_error',
    retryable: false,
    http: 500,
    jsonrpc: -32603,
    wire: 'internal',
    message: 'Something went wrong on our side.',
    suggestion: 'Look for the request id in the log.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS
