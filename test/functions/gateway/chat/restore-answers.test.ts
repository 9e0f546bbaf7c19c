import { describe, expect, test } from 'vitest'
import { restoreAnswers } from '../../../../functions/gateway/chat/restore-answers.ts'

const user = (content: string) => ({ role: 'user' as const, content })
const assistant = (content: string) => ({ role: 'assistant' as const, content })
const asked = new Map([[0, 'h0']])
const answers = new Map([['h0', 'You used 84.2 kWh.']])

describe('restoreAnswers', () => {
  test('puts in the answer that a question never got', () => {
    expect(restoreAnswers([user('a'), user('b')], asked, answers)).toEqual([
      user('a'),
      assistant('You used 84.2 kWh.'),
      user('b'),
    ])
  })

  test('completes an answer that was cut', () => {
    expect(restoreAnswers([user('a'), assistant('You used'), user('b')], asked, answers)).toEqual([
      user('a'),
      assistant('You used 84.2 kWh.'),
      user('b'),
    ])
  })

  test("leaves the client's own wording alone", () => {
    const history = [user('a'), assistant('About 84.'), user('b')]
    expect(restoreAnswers(history, asked, answers)).toEqual(history)
    const whole = [user('a'), assistant('You used 84.2 kWh.'), user('b')]
    expect(restoreAnswers(whole, asked, answers)).toEqual(whole)
  })

  test('without a stored answer nothing changes', () => {
    expect(restoreAnswers([user('a'), user('b')], asked, new Map())).toEqual([user('a'), user('b')])
  })
})
