import type { ToolCall } from './port.ts'

/** A tool call's delta as providers send it; fields arrive once, in pieces, or not at all. */
export interface ToolCallDelta {
  readonly index?: number
  readonly id?: string | null
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null }
}

interface Draft {
  id: string
  name: string
  arguments: string
}

/**
 * Puts tool calls together from their deltas. Providers differ: some leave `index` out, some send each call whole
 * under index 0; a new id with a name on a used index therefore starts another call. A call without an id gets
 * `call_<n>`; one without a name is dropped.
 */
export function createToolCallAssembler(): {
  push(deltas: readonly ToolCallDelta[]): void
  end(): ToolCall[]
} {
  const drafts: Draft[] = []
  const openByIndex = new Map<number, Draft>()

  function draftFor(delta: ToolCallDelta, position: number): Draft {
    const index = delta.index ?? position
    const open = openByIndex.get(index)
    const another = open && delta.id && open.id && delta.id !== open.id && delta.function?.name
    if (open && !another) return open
    const draft = { id: '', name: '', arguments: '' }
    drafts.push(draft)
    openByIndex.set(index, draft)
    return draft
  }

  return {
    push(deltas) {
      deltas.forEach((delta, position) => {
        const draft = draftFor(delta, position)
        if (delta.id) draft.id = delta.id
        if (delta.function?.name) draft.name ||= delta.function.name
        draft.arguments += delta.function?.arguments ?? ''
      })
    },
    end: () =>
      drafts
        .filter((draft) => draft.name !== '')
        .map((draft, i) => ({ ...draft, id: draft.id || `call_${i + 1}` })),
  }
}
