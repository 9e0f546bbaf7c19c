import { expect, it } from 'vitest'
import { keepSignals } from '../../../infrastructure/miniflare/keep-signals.ts'

it('takes away what was made to listen, and nothing else', () => {
  const mine = () => {}
  process.on('SIGTERM', mine)
  try {
    const before = process.listenerCount('SIGINT')
    const made = keepSignals(() => {
      process.on('SIGTERM', () => process.exit(1))
      process.on('SIGINT', () => process.exit(1))
      return 'made'
    })
    expect(made).toBe('made')
    expect(process.listenerCount('SIGINT')).toBe(before)
    expect(process.listeners('SIGTERM')).toContain(mine)
    expect(process.listenerCount('SIGTERM')).toBe(1)
  } finally {
    process.off('SIGTERM', mine)
  }
})
