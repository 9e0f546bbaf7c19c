/**
 * Rough count of tokens: four ASCII characters a token, one token for each other letter. For providers that send no
 * usage, and for the offline model; real tokenizers differ by some 20 %.
 */
export function estimateTokens(text: string): number {
  let ascii = 0
  let other = 0
  for (const char of text) {
    if (char.charCodeAt(0) < 128) ascii++
    else other++
  }
  return Math.ceil(ascii / 4) + other
}
