import type { DeviceMeter } from './collect.ts'

/** Words that stand in many device names and tell none apart. */
const COMMON = new Set([
  'room',
  'circuit',
  'plug',
  'power',
  'energy',
  'meter',
  'machine',
  'device',
  'the',
  'and',
])

/** Other words for the same thing, as people ask for it. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['ev', 'car', 'wallbox', 'vehicle'],
  ['fridge', 'refrigerator'],
  ['tv', 'television'],
  ['dryer', 'drier'],
]

/** True when a word of the question is one of those that tell the device apart. */
export function isNamed(name: string, question: string): boolean {
  const words = wordsOf(question)
  const same = SYNONYMS.filter((list) => list.some((word) => words.includes(word))).flat()
  const asked = new Set([...words, ...same])
  return wordsOf(name).some((word) => !COMMON.has(word) && asked.has(word))
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\d]{2,}/gu) ?? []
}

/** The meters that hold no other device, so that nothing is named twice. */
export function singleDevices(devices: readonly DeviceMeter[]): readonly DeviceMeter[] {
  return devices.filter((device) => !devices.some((other) => other.includedIn === device.statistic))
}
