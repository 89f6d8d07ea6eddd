// prettyPrintJSON: a document over several lines, four blanks deeper within each bracket.
// Invariant: strings and whole numbers stay as they are written; only blanks between them change.

import { stringsBy } from '../base/define-text.ts'
import { define, stringsToString } from '../base/define.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { textReader } from '../base/strings.ts'

const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|-?\d[\d.eE+-]*|true|false|null/g

/** As ClickHouse writes a number that is not whole: shortest digits, at least one behind the point. */
function numberText(text: string): string {
  if (/^-?\d+$/.test(text)) return text
  const short = String(Number(text))
  return /^-?\d+$/.test(short) ? `${short}.0` : short
}

function pretty(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    throw new FunctionError('Invalid JSON string in function prettyPrintJSON', 'BAD_ARGUMENTS')
  }
  const tokens = text.match(TOKEN) ?? []
  let depth = 0
  const line = (): string => `\n${'    '.repeat(depth)}`
  return tokens.map((token, i) => {
    const before = tokens[i - 1]
    switch (token) {
      case '[': case '{': {
        const isEmpty = tokens[i + 1] === (token === '[' ? ']' : '}')
        if (!isEmpty) depth++
        return isEmpty ? token : token + line()
      }
      case ']': case '}':
        if (before === '[' || before === '{') return token
        depth--
        return line() + token
      case ',': return token + line()
      case ':': return ': '
      default: return /^[-\d]/.test(token) ? numberText(token) : token
    }
  }).join('')
}

export const PRETTY_JSON: readonly FunctionDef[] = [
  define('prettyPrintJSON', [1, 1], stringsToString('prettyPrintJSON'), ([a], type, rowCount, context) => {
    const read = textReader(a, context)
    return stringsBy(type, rowCount, context, (row) => pretty(read(row)))
  }),
]
