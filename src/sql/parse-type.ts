// Data types inside a query, as in `x::Array(String)`: from tokens to normalised text.
// Invariant: the text is spelt as ClickHouse spells it back (one blank after a comma, around `=`), and
// says nothing about whether such a type exists: that is the analyzer's to know.
import type { Cursor } from './cursor.ts'
import { NUMBER, STRING } from './lex.ts'
import { quoteElement, quoteString, readString } from './literals.ts'

// SQL's types of several words; ClickHouse spells them in capitals.
const MULTI_WORD_TYPES = [
  ['DOUBLE', 'PRECISION'],
  ...['CHARACTER', 'CHAR', 'BINARY', 'NCHAR'].flatMap((head) => [
    [head, 'LARGE', 'OBJECT'], [head, 'VARYING'],
  ]),
  ...['CHARACTER', 'CHAR'].flatMap((head) => [
    ['NATIONAL', head, 'LARGE', 'OBJECT'], ['NATIONAL', head, 'VARYING'], ['NATIONAL', head],
  ]),
  ...['TINYINT', 'SMALLINT', 'MEDIUMINT', 'INTEGER', 'BIGINT', 'INT', 'INT1'].flatMap((head) => [
    [head, 'UNSIGNED'], [head, 'SIGNED'],
  ]),
]
// MySQL's display widths (`int(11)`) are dropped.
const WIDTH_TYPES = new Set([
  'TINYINT', 'SMALLINT', 'MEDIUMINT', 'INTEGER', 'BIGINT', 'INT', 'INT1', 'INT2', 'INT4', 'INT8',
])

/** Consumes a data type and gives its normalised text. */
export function parseType(cursor: Cursor): string {
  cursor.enter()
  const head = cursor.wordAt(0)
  const words = MULTI_WORD_TYPES.find((candidate) => cursor.isWords(...candidate))
  let name: string
  if (words === undefined) name = cursor.expectName('a data type')
  else {
    cursor.takeWords(...words)
    name = words.join(' ')
  }
  if (cursor.takeMark('(')) {
    const args = cursor.isMark(')') ? [] : cursor.list(() => parseArgument(cursor, head))
    cursor.expectMark(')', 'after the arguments of the type')
    if (args.length > 0 && !WIDTH_TYPES.has(head)) name = `${name}(${args.join(', ')})`
  }
  cursor.leave()
  return name
}

/** One argument: a type, `name Type`, a literal, `'a' = 1`, `max_types = 2`, `SKIP path`. */
function parseArgument(cursor: Cursor, head: string): string {
  if (cursor.kind === STRING || cursor.kind === NUMBER || cursor.isMark('-')) {
    return parseValue(cursor)
  }
  if (head === 'JSON') return parseJsonArgument(cursor)
  if (cursor.isName() && cursor.isMark('=', 1)) return parseParameter(cursor)
  // A name before a type: `Tuple(a Int8)`; but `Tuple(double precision)` is a type of two words.
  const isNamed = cursor.isName() && cursor.isName(1) && !isMultiWord(cursor)
  if (!isNamed) return parseType(cursor)
  const name = quoteElement(cursor.expectName("an element's name"))
  return `${name} ${parseType(cursor)}`
}

function isMultiWord(cursor: Cursor): boolean {
  return MULTI_WORD_TYPES.some((words) => cursor.isWords(...words))
}

/** A literal, and for enums `= number` behind it. */
function parseValue(cursor: Cursor): string {
  const isNegative = cursor.takeMark('-')
  if (cursor.kind !== NUMBER && (isNegative || cursor.kind !== STRING)) cursor.fail('a number')
  const spelling = cursor.spelling()
  const value = cursor.kind === NUMBER ? spelling : quoteString(readString(spelling))
  cursor.index++
  const text = `${isNegative ? '-' : ''}${value}`
  return cursor.takeMark('=') ? `${text} = ${parseValue(cursor)}` : text
}

function parseParameter(cursor: Cursor): string {
  const name = cursor.expectName("a parameter's name")
  cursor.expectMark('=')
  return `${name} = ${parseValue(cursor)}`
}

/** `a.b Type`, `SKIP a.b`, `SKIP REGEXP 'x'`, `max_dynamic_paths = 10`. */
function parseJsonArgument(cursor: Cursor): string {
  if (cursor.isWord('SKIP') && (cursor.isName(1) || cursor.kindAt(1) === STRING)) {
    cursor.index++
    if (cursor.isWord('REGEXP') && cursor.kindAt(1) === STRING) {
      cursor.index++
      return `SKIP REGEXP ${parseValue(cursor)}`
    }
    return `SKIP ${parsePath(cursor).map(quoteElement).join('.')}`
  }
  if (cursor.isName() && cursor.isMark('=', 1)) return parseParameter(cursor)
  const path = parsePath(cursor)
  return `${quoteElement(path.join('.'))} ${parseType(cursor)}`
}

function parsePath(cursor: Cursor): string[] {
  const path = [cursor.expectName('a path')]
  while (cursor.takeMark('.')) path.push(cursor.expectName('a path'))
  return path
}
