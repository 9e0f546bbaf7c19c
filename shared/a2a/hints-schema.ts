import * as v from 'valibot'
import { ANALYSTS } from '../domain/names.ts'

/** Reads the hints of a turn or a question off the wire, in camelCase. */
export const HintsSchema = v.object({
  analysts: v.nullable(v.array(v.picklist(ANALYSTS))),
  model: v.nullable(v.string()),
  maxTokens: v.nullable(v.number()),
  responseFormat: v.nullable(v.looseObject({ type: v.string() })),
  brief: v.boolean(),
})
