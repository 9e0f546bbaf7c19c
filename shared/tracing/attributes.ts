/**
 * Names of attributes: OpenTelemetry's conventions for generative AI
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/), and those of its own that MLflow reads.
 */
export const OPERATION = 'gen_ai.operation.name'
export const PROVIDER = 'gen_ai.provider.name'
export const AGENT_NAME = 'gen_ai.agent.name'
export const TOOL_NAME = 'gen_ai.tool.name'
export const CONVERSATION = 'gen_ai.conversation.id'
export const REQUEST_MODEL = 'gen_ai.request.model'
export const REQUEST_MAX_TOKENS = 'gen_ai.request.max_tokens'
export const RESPONSE_MODEL = 'gen_ai.response.model'
export const INPUT_TOKENS = 'gen_ai.usage.input_tokens'
export const OUTPUT_TOKENS = 'gen_ai.usage.output_tokens'
export const ERROR_TYPE = 'error.type'

export const SESSION = 'session.id'
export const USER = 'user.id'
export const SPAN_TYPE = 'mlflow.spanType'
export const SPAN_INPUTS = 'mlflow.spanInputs'
export const SPAN_OUTPUTS = 'mlflow.spanOutputs'
export const LLM_COST = 'mlflow.llm.cost'
/** A tag of the whole trace, on any of its spans. */
export const traceTag = (name: string) => `mlflow.traceTag.${name}`

/** MLflow's types of spans, as far as we have them. */
export type SpanType = 'AGENT' | 'CHAIN' | 'CHAT_MODEL' | 'RETRIEVER' | 'TOOL'
