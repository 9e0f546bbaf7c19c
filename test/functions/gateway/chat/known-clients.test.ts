import { describe, expect, test } from 'vitest'
import { isExtendedOpenAI, isVoiceClient } from '../../../../functions/gateway/chat/known-clients.ts'

const ULID = '01J9ZQ4V3M6T8XK2B5N7P0R1SC'
const plain = { toolNames: [], user: null, metadata: {}, maxTokens: null }
const none = new Headers()

describe('known voice clients', () => {
  test('Extended OpenAI Conversation, by its conversation id and its defaults', () => {
    expect(isExtendedOpenAI({ ...plain, user: ULID, maxTokens: 150 })).toBe(true)
    expect(isExtendedOpenAI({ ...plain, user: ULID, toolNames: ['execute_services'] })).toBe(true)
    expect(isVoiceClient({ ...plain, user: ULID, maxTokens: 150 }, none)).toBe(true)
  })

  test("local_openai, by Assist's tools", () => {
    expect(isVoiceClient({ ...plain, toolNames: ['HassTurnOn', 'HassLightSet'] }, none)).toBe(true)
    expect(isVoiceClient({ ...plain, toolNames: ['GetLiveContext'] }, none)).toBe(true)
  })

  test('by the user agent of Home Assistant', () => {
    expect(isVoiceClient(plain, new Headers({ 'user-agent': 'HomeAssistant/2026.1 aiohttp/3.12' }))).toBe(
      true,
    )
  })

  test('no other client is taken for one', () => {
    expect(isVoiceClient({ ...plain, user: 'alice', maxTokens: 150 }, none)).toBe(false)
    expect(isVoiceClient({ ...plain, user: ULID }, none)).toBe(false)
    expect(isVoiceClient({ ...plain, toolNames: ['get_weather'] }, none)).toBe(false)
    expect(isVoiceClient(plain, new Headers({ 'user-agent': 'OpenAI/JS 7.57.0' }))).toBe(false)
  })
})
