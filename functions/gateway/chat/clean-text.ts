/** Removes what clients echo of a model's thinking: `<think>` blocks and `<details type="reasoning">`. */
export function withoutThinking(text: string): string {
  if (!text.includes('<')) return text
  return text
    .replace(/<details\s[^>]*type="reasoning"[^>]*>[\s\S]*?(?:<\/details>|$)/gi, '')
    .replace(/<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi, '')
    .trim()
}
