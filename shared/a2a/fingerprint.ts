import type { Message } from '@a2a-js/sdk'

/**
 * A 53-bit digest and the length of what a message says, to tell a repeated message from another one under the same
 * id. It guards against mistakes of one caller, not against an attacker, so it need not be a cryptographic one.
 */
export function fingerprintOf(message: Message): string {
  const text = JSON.stringify([message.role, message.taskId, message.parts.map((part) => part.content)])
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  const digest = 4_294_967_296 * (2_097_151 & low) + (high >>> 0)
  return `${text.length}.${digest.toString(36)}`
}
