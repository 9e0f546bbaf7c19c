import type { HomeInfo } from '../../shared/domain/home.ts'

/**
 * What an answer about the home must say and does not yet: that the home is the demo one, and that the offline model
 * answered. Empty when the text says it already.
 */
export function caveatFor(text: string, info: HomeInfo, offline: boolean, brief: boolean): string {
  const demo = info.source === 'demo' && !/\bdemo\b/i.test(text)
  const model = offline && !/\boffline\b/i.test(text)
  if (!demo && !model) return ''
  const parts = [
    ...(demo ? ['this is the simulated demo home'] : []),
    ...(model ? ['the built-in offline model answered'] : []),
  ]
  const sentence = `${parts.join(', and ')}.`
  const whole = sentence.charAt(0).toUpperCase() + sentence.slice(1)
  return brief ? ` ${whole}` : `\n\n_${whole}_`
}
