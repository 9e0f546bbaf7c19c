import { withoutLinks } from '../plain-markdown.ts'

/** Sentences of a text, each with its own mark; abbreviations and decimals do not end one. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?]["'”’)*_]*)\s+(?=["“(*_]*[\p{Lu}\d])/u)
    .filter((sentence) => sentence.trim() !== '')
}

/** The first line of an answer: its days where it does not name them, and the first sentence in bold. */
export function headline(statement: string, when: string): string {
  const [first = '', ...rest] = sentencesOf(inline(statement))
  return [`${when ? `${when}: ` : ''}**${bare(first)}.**`, ...rest].join(' ')
}

/** A further finding as a line of a list, without its title twice or the window that the headline has `named`. */
export function bullet(title: string, statement: string, named: string | null): string {
  const name = inline(title)
  let text = inline(statement)
  for (const lead of [...(named ? [`From ${named}`, `On ${named}`] : []), `${name}:`])
    if (text.startsWith(lead)) text = text.slice(lead.length)
  return `- **${name}**: ${upper(text.replace(/^[\s,:]+/, ''))}`
}

/** With a capital first letter. */
export function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Whole sentences in one paragraph, each once and with a full stop. */
export function joinSentences(sentences: readonly string[]): string {
  const ended = sentences
    .map((each) => inline(each))
    .filter(Boolean)
    .map((each) => (/[.!?]$/.test(each) ? each : `${each}.`))
  return [...new Set(ended)].join(' ')
}

/** The text without the sentences that hold one of these numbers; lines that become empty go too. */
export function withoutSentencesThatHold(text: string, numbers: readonly string[]): string {
  if (numbers.length === 0) return text
  const held = (sentence: string) => numbers.some((number) => holds(sentence, number))
  return text
    .split('\n')
    .map((line) =>
      line.trim() === ''
        ? line
        : sentencesOf(line)
            .filter((sentence) => !held(sentence))
            .join(' '),
    )
    .filter((line, i, lines) => line.trim() !== '' || (i > 0 && lines[i - 1]?.trim() !== ''))
    .join('\n')
    .trim()
}

/** The number stands in the sentence, and not as a part of a longer one. */
function holds(sentence: string, number: string): boolean {
  let at = sentence.indexOf(number)
  while (at >= 0) {
    const before = sentence[at - 1] ?? ' '
    const after = sentence[at + number.length] ?? ' '
    if (!/[\d.]/.test(before) && !/\d/.test(after)) return true
    at = sentence.indexOf(number, at + 1)
  }
  return false
}

/** Items as a person lists them: `a`, `a and b`, `a, b and c`. */
export function listOf(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** A statement on one line. Names of the home stand in it, so an image or link in one of them is taken apart. */
export function inline(text: string): string {
  return withoutLinks(text.replace(/\s+/g, ' ')).trim()
}

/** Characters that could be markup; an underscore between letters or digits is none. */
const UNSAFE = /[*`[\]<>!|#\\]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu

/** A friendly name as text: no line break, no image or link, no emphasis. */
export function plainName(name: string): string {
  return plainText(name, 80)
}

/** The same for a text that holds several names, with as many characters as it may have. */
export function plainText(text: string, most: number): string {
  return cutAtWord(inline(text).replace(UNSAFE, ''), most)
}

function cutAtWord(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most)
  const end = /\s/.test(text[most] ?? '') ? most : cut.lastIndexOf(' ')
  return `${(end > 0 ? cut.slice(0, end) : cut).replace(/[\s,;:]+$/, '').toWellFormed()}…`
}

const bare = (sentence: string) => sentence.trim().replace(/[.\s]+$/, '')

/** An id as code: on one line and without the mark that would end it. */
export function code(id: string): string {
  return `\`${inline(id).replace(/`/g, '').slice(0, 255)}\``
}
