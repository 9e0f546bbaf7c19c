import { expect, test } from 'vitest'
import { foreignLanguage } from '../../../../shared/llm/offline/language.ts'

test.each([
  ['Wie hoch war mein Stromverbrauch gestern?', 'German'],
  ['Mach bitte das Licht in der Küche aus', 'German'],
  ['Quelle était ma consommation la semaine dernière ?', 'French'],
  ['¿Cuánta energía usé la semana pasada?', 'Spanish'],
  ['Quanta energia ho usato ieri nella mia casa?', 'Italian'],
  ['Hoeveel stroom heb ik vorige week gebruikt?', 'Dutch'],
  ['Ile prądu zużyłem w zeszłym tygodniu?', 'Polish'],
  ['昨日の電力使用量は？', 'another language'],
  ['Πόσο ρεύμα;', 'another language'],
])('%s is %s', (text, name) => {
  expect(foreignLanguage(text)).toBe(name)
})

test.each([
  'How much electricity did I use last week?',
  'no, as is',
  'is the Küche light on?',
  'What does "die Waschmaschine" use?',
  'How much did the dishwasher in the Wohnzimmer use?',
  'lights on',
  'TV?',
  '12 kWh',
  '',
])('%s is English enough', (text) => {
  expect(foreignLanguage(text)).toBeNull()
})
