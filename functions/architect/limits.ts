/** Bounds of one turn. */
export const MAX_TOOL_CALLS = 12
export const MAX_DELEGATIONS = 6
/** Answers of the model in one turn; the last one gets no tools, so that it must come to an end. */
export const MAX_ROUNDS = 8
/** Characters of conversation that go to the model, the newest first. */
export const MAX_HISTORY = 60_000
/** Entities in one tool result. */
export const MAX_ENTITIES = 50
