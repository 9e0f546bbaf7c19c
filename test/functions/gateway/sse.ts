/** A frame of an event stream: JSON payload, or the end marker's text. */
export interface SseFrame {
  readonly id: string | null
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of many shapes
  readonly data: any
}

/** All `data:` payloads of an event stream with their ids; comments are left out. */
export function parseSse(text: string): SseFrame[] {
  return text
    .split('\n\n')
    .filter((block) => /^data: /m.test(block))
    .map((block) => {
      const id = /^id: (.*)$/m.exec(block)?.[1] ?? null
      const data = /^data: (.*)$/m.exec(block)?.[1] ?? ''
      return { id, data: data === '[DONE]' ? data : JSON.parse(data) }
    })
}

/** A response's JSON, to be looked into. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
export async function json(response: Response | undefined): Promise<any> {
  return response?.json()
}
