import { wordsOf } from './words.ts'

interface Language {
  readonly name: string
  /** Small words that its sentences can hardly do without and English does not have. */
  readonly words: ReadonlySet<string>
}

const language = (name: string, words: string): Language => ({ name, words: new Set(words.split(' ')) })

const LANGUAGES: readonly Language[] = [
  language(
    'German',
    'der die das und ist nicht wie viel wieviel mein meine meinen ich habe hat im letzten letzte woche strom welche welches warum wann sind auf den dem ein eine einen bitte licht lichter mach schalte verbraucht verbrauch gestern heute zu für vom zum zur gibt es',
  ),
  language(
    'French',
    "le la les des est une combien quel quelle quelles mon ma mes et dans pour pas qui pourquoi semaine dernière j'ai ai consommé électricité hier sont allume éteins lumière lumières du au aux je quand",
  ),
  language(
    'Spanish',
    'el los las una cuánto cuanta cuánta qué cuál mi mis y está están por qué la de del semana pasada luz luces consumo energía ayer enciende apaga electricidad usé gasté cuándo ha he',
  ),
  language(
    'Italian',
    'il lo gli della quanto quanta quale mia mio è sono perché che settimana scorsa luci consumo energia ieri ho una accendi spegni nella quali elettricità usato',
  ),
  language(
    'Dutch',
    'het een hoeveel welke mijn is niet waarom week vorige stroom verbruik gisteren heb ik van zijn aan uit lampen doe op zet gebruikt er',
  ),
  language(
    'Portuguese',
    'os uma quanto qual quais meu minha está estão porque semana passada luz luzes consumo energia ontem gastei usei eletricidade ligue desligue',
  ),
  language(
    'Polish',
    'ile jest nie mój moje dlaczego tydzień prądu które światła wczoraj zużycie w na zużyłem jakie czy się włącz wyłącz energii',
  ),
]

const ENGLISH = new Set(
  'the a an is are was were what which how much many my of in on and to i do does did use used why when who please it for with last week turn off at there any show tell me hello hi thanks can you be has have this that'.split(
    ' ',
  ),
)

/** Scripts in which no English is written. */
const OTHER_SCRIPT =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Thai}]/gu

/**
 * Name of the language when the text is clearly not English, `another language` for other scripts, else null. A text
 * counts as foreign only with two or more words of the other language and more of them than English ones.
 */
export function foreignLanguage(text: string): string | null {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const other = text.match(OTHER_SCRIPT)?.length ?? 0
  if (letters > 2 && other / letters > 0.5) return 'another language'
  const words = wordsOf(text)
  const english = words.filter((word) => ENGLISH.has(word)).length
  let best: { name: string; hits: number } | null = null
  for (const { name, words: own } of LANGUAGES) {
    const hits = words.filter((word) => own.has(word) && !ENGLISH.has(word)).length
    if (!best || hits > best.hits) best = { name, hits }
  }
  return best && best.hits >= 2 && best.hits > english ? best.name : null
}
