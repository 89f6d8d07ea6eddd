// Operands: literals, names, prefix operators, CASE, CAST, INTERVAL and what else may stand where a
// value is wanted. Calls are in parse-call.ts, brackets in parse-brackets.ts.
// Invariant: a word is a keyword only if what follows it fits; otherwise it is a name.
import type { Case, Expression, Interval, IntervalUnit } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { MARK, NUMBER, QUOTED, STRING, WORD } from './lex.ts'
import { numberValue, readString } from './literals.ts'
import { callOf, intervalOf, numberOf, operatorOf, stringOf } from './nodes.ts'
import { POWER_LAMBDA, POWER_NEGATE, POWER_NOT, POWER_TERNARY } from './operators.ts'
import {
  parseArray, parseLambda, parseLiteralCast, parseParens, parseSubquery,
} from './parse-brackets.ts'
import { parseCall } from './parse-call.ts'
import { parseColumns, parseStar } from './parse-columns.ts'
import { parseString } from './parse-string.ts'
import { parseType } from './parse-type.ts'
import { CLAUSE_FUNCTIONS, CLAUSE_WORDS, INTERVAL_UNITS } from './words.ts'

/** One operand. A lambda is taken only where `power` lets the loosest operator stand. */
export function parseOperand(cursor: Cursor, power: number): Expression {
  switch (cursor.kind) {
    case NUMBER:
      return parseLiteralCast(cursor, parseNumber) ?? parseNumber(cursor)
    case STRING:
      return parseString(cursor)
    case MARK:
      return parseMark(cursor, power)
    case WORD:
    case QUOTED:
      if (power <= POWER_LAMBDA && cursor.isMark('->', 1)) {
        const lambda = parseLambda(cursor, POWER_TERNARY)
        if (lambda !== null) return lambda
      }
      return cursor.kind === WORD ? parseWord(cursor) : parseName(cursor)
    default:
      return cursor.fail('an expression')
  }
}

function parseMark(cursor: Cursor, power: number): Expression {
  const { at } = cursor
  switch (cursor.tokens.texts[cursor.index]) {
    case '(': {
      const lambda = power <= POWER_LAMBDA ? parseLambda(cursor, POWER_TERNARY) : null
      return lambda ?? parseLiteralCast(cursor, parseParens) ?? parseParens(cursor)
    }
    case '[':
      return parseLiteralCast(cursor, parseArray) ?? parseArray(cursor)
    case '-':
      return parseMinus(cursor)
    case '+': {
      cursor.index++
      // `+ -5` is -(5) to ClickHouse: a sign belongs to digits only where an operand starts.
      const operand = cursor.isMark('-')
        ? parseNegation(cursor) : cursor.expression(POWER_NEGATE + 1)
      return { ...operand, at }
    }
    case '*':
      return parseStar(cursor, [], at)
    case '{':
      return parseParameter(cursor)
    case '@@':
      return parseGlobalVariable(cursor)
    default:
      return cursor.fail('an expression')
  }
}

// ---------------------------------------------------------------------------------- literals

function parseNumber(cursor: Cursor): Expression {
  const { at } = cursor
  const sign = cursor.takeMark('-') ? '-' : ''
  const value = numberValue(cursor.spelling())
  if (value.kind === 'float' && !Number.isFinite(value.value)) cursor.fail('a number within range')
  const text = `${sign}${cursor.spelling()}`
  const declared = cursor.declaredType()
  cursor.index++
  const { end } = cursor
  const literal = { kind: 'literal', type: 'number', text, ...cursor.slotField(at, end), at, end } as const
  return declared === undefined ? literal : { ...literal, declared }
}

/** `-5` and `-inf` are literals; before anything else the minus is the function negate. */
function parseMinus(cursor: Cursor): Expression {
  if (cursor.kindAt(1) === NUMBER && cursor.declaredType(1) === undefined) return parseLiteralCast(cursor, parseNumber) ?? parseNumber(cursor)
  const { at } = cursor
  if (isSpecialFloat(cursor.wordAt(1)) && !cursor.isMark('(', 2)) {
    const text = `-${cursor.wordAt(1).toLowerCase()}`
    cursor.index += 2
    return { ...numberOf(text, cursor.spanFrom(at)), ...cursor.slotField(at, cursor.end) }
  }
  return parseNegation(cursor)
}

function parseNegation(cursor: Cursor): Expression {
  const { at } = cursor
  cursor.expectMark('-')
  const operand = cursor.expression(POWER_NEGATE + 1)
  return operatorOf('negate', [operand], cursor.spanFrom(at))
}

function isSpecialFloat(word: string): boolean {
  return word === 'INF' || word === 'NAN' || word === 'INFINITY'
}

// -------------------------------------------------------------------------------------- words

function parseWord(cursor: Cursor): Expression {
  const { at } = cursor
  const word = cursor.wordAt(0)
  switch (word) {
    case 'NULL':
    case 'TRUE':
    case 'FALSE':
    case 'INF':
    case 'NAN':
    case 'INFINITY':
      return cursor.isMark('(', 1) || cursor.isMark('.', 1)
        ? parseName(cursor) : parseNamedLiteral(cursor, word)
    case 'NOT': {
      cursor.index++
      const operand = cursor.expression(POWER_NOT + 1)
      return operatorOf('not', [operand], cursor.spanFrom(at))
    }
    case 'CASE':
      return startsOperand(cursor, 1) || cursor.isWord('WHEN', 1)
        ? parseCase(cursor) : parseName(cursor)
    case 'INTERVAL':
      return parseInterval(cursor) ?? parseName(cursor)
    case 'DATE':
    case 'TIMESTAMP': {
      if (cursor.kindAt(1) !== STRING) return parseName(cursor)
      cursor.index++
      const text = parseString(cursor)
      const name = word === 'DATE' ? 'toDate' : 'toDateTime'
      return callOf(name, [text], cursor.spanFrom(at))
    }
    case 'EXISTS': {
      if (!cursor.isMark('(', 1)) return parseName(cursor)
      cursor.index++
      const { query } = parseSubquery(cursor)
      return { kind: 'exists', query, at, end: cursor.end }
    }
    case 'COLUMNS':
      return cursor.isMark('(', 1) ? parseColumns(cursor, [], at) : parseName(cursor)
    default:
      if (CLAUSE_WORDS.has(word) && startsOperand(cursor, 1)) cursor.fail('an expression')
      return parseName(cursor)
  }
}

/** True when an operand stands `ahead`, which a name can not be followed by. */
function startsOperand(cursor: Cursor, ahead: number): boolean {
  const kind = cursor.kindAt(ahead)
  if (kind === WORD) {
    const next = cursor.wordAt(ahead)
    const isCall = CLAUSE_FUNCTIONS.has(next) && cursor.isMark('(', ahead + 1)
    return next === 'BY' || isCall || !CLAUSE_WORDS.has(next)
  }
  const word = cursor.wordAt(0)
  const opens = cursor.isMark('(', ahead) && (word === 'CASE' || word === 'FROM' || word === 'WHERE')
  return kind === QUOTED || kind === NUMBER || kind === STRING || opens
}

function parseNamedLiteral(cursor: Cursor, word: string): Expression {
  const { at } = cursor
  cursor.index++
  const { end } = cursor
  const base = { kind: 'literal' as const, ...cursor.slotField(at, end), at, end }
  if (word === 'NULL') return { ...base, type: 'null' }
  if (isSpecialFloat(word)) return { ...base, type: 'number', text: word.toLowerCase() }
  return { ...base, type: 'bool', value: word === 'TRUE' }
}

/** `CASE [operand] WHEN a THEN b ... [ELSE c] END`. */
function parseCase(cursor: Cursor): Case {
  const { at } = cursor
  cursor.index++
  const operand = cursor.isWord('WHEN') ? null : cursor.aliased()
  const branches: { when: Expression; then: Expression }[] = []
  while (cursor.takeWord('WHEN')) {
    const when = cursor.aliased()
    cursor.expectWord('THEN')
    branches.push({ when, then: cursor.aliased() })
  }
  if (branches.length === 0) cursor.fail('WHEN', ['WHEN'])
  const otherwise = cursor.takeWord('ELSE') ? cursor.aliased() : null
  cursor.expectWord('END')
  return { kind: 'case', operand, branches, otherwise, at, end: cursor.end }
}

// ------------------------------------------------------------------------------------ INTERVAL

/** `INTERVAL value unit` or `INTERVAL '1 day'`; null when the word is a name here. */
function parseInterval(cursor: Cursor): Expression | null {
  const start = cursor.index
  const { at } = cursor
  if (cursor.noIntervalAt(start)) return null
  const canStart = startsOperand(cursor, 1) ||
    ['(', '-', '{', '[', '+'].some((mark) => cursor.isMark(mark, 1))
  if (!canStart) return null
  cursor.index++
  if (cursor.kind === STRING && !INTERVAL_UNITS.has(cursor.wordAt(1))) return parseTextInterval(cursor, at)
  if (cursor.kind === STRING && cursor.isWord('TO', 2)) return parseUnitsInterval(cursor, at)
  const value = cursor.expression()
  const unit = INTERVAL_UNITS.get(cursor.wordAt(0))
  if (unit === undefined) {
    cursor.markNoInterval(start)
    return null
  }
  cursor.index++
  return intervalOf(value, unit, cursor.spanFrom(at))
}

/** Units of an interval from the longest to the shortest: what stands before each in the text, and the most
 * that it may be where it is not the first. */
const UNITS_DOWN: readonly (readonly [unit: IntervalUnit, before: string, most: number])[] = [
  ['YEAR', '', 0], ['MONTH', '-', 11], ['DAY', '', 0], ['HOUR', ' ', 23], ['MINUTE', ':', 59], ['SECOND', ':', 59],
]

/** `INTERVAL '5 12:30' DAY TO MINUTE`: a tuple of intervals, all of one sign. */
function parseUnitsInterval(cursor: Cursor, at: number): Expression {
  const text = readString(cursor.spelling())
  const textAt = cursor.at
  const [first, last] = [1, 3].map((ahead) =>
    UNITS_DOWN.findIndex(([unit]) => unit === INTERVAL_UNITS.get(cursor.wordAt(ahead))))
  const units = UNITS_DOWN.slice(Math.max(0, first), last + 1)
  const isOneKind = first >= 0 && first < last && (first > 1 || last <= 1)
  const pattern = units.map(([, before], i) => `${i === 0 ? '' : before}(\\d+)`).join('')
  const amounts = new RegExp(`^([+-]?)${pattern}$`).exec(text.trim())
  if (!isOneKind || amounts === null || units.some(([, , most], i) => i > 0 && Number(amounts[i + 2]) > most)) {
    cursor.fail("an interval such as '1-6' YEAR TO MONTH or '5 12:30' DAY TO MINUTE")
  }
  cursor.index += 4
  const span = cursor.spanFrom(at)
  const items = units.map(([unit], i): Expression => {
    const interval = intervalOf(numberOf(amounts[i + 2], { at: textAt, end: span.end }), unit, span)
    return amounts[1] === '-' ? callOf('negate', [interval], span) : interval
  })
  return { kind: 'tuple', items, ...span }
}

const TEXT_INTERVAL = /\s*([+-]?\d+(?:\.\d+)?)\s*([a-zA-Z_]+)\s*/y

/** `INTERVAL '1 day 2 hours'`: one interval, or a tuple of them. */
function parseTextInterval(cursor: Cursor, at: number): Expression {
  const text = readString(cursor.spelling())
  const slot = cursor.slotField(cursor.at, cursor.tokens.ends[cursor.index])
  const parts: { amount: string; unit: IntervalUnit }[] = []
  let offset = 0
  while (offset < text.length || parts.length === 0) {
    TEXT_INTERVAL.lastIndex = offset
    const match = TEXT_INTERVAL.exec(text)
    const unit = match === null ? undefined : INTERVAL_UNITS.get(match[2].toUpperCase())
    if (match === null || unit === undefined) {
      cursor.fail("an interval with its unit, such as '1 day' or '2 hours 30 minutes'")
    }
    parts.push({ amount: match[1], unit })
    offset = TEXT_INTERVAL.lastIndex
  }
  const textAt = cursor.at
  cursor.index++
  const span = cursor.spanFrom(at)
  const items = parts.map(({ amount, unit }): Interval => {
    const value = { ...numberOf(amount, cursor.spanFrom(textAt)), ...slot }
    return { ...intervalOf(value, unit, span), fromText: true }
  })
  return items.length === 1 ? items[0] : { kind: 'tuple', items, ...slot, ...span }
}

// --------------------------------------------------------------------------------------- names

/**
 * A name with dots, a call, or what a name may begin: `t.*`, `t.COLUMNS(...)`, and JSON paths
 * (`j.a.:Int64`, `j.^a`, `j.a[].b`).
 */
function parseName(cursor: Cursor): Expression {
  const { at } = cursor
  const isQuoted = cursor.kind === QUOTED
  const parts = [cursor.expectName('a name')]
  if (cursor.isMark('(')) return parseCall(cursor, parts[0], at, isQuoted)
  return parsePath(cursor, parts, at)
}

function parsePath(cursor: Cursor, parts: string[], at: number): Expression {
  while (cursor.isMark('.')) {
    if (cursor.isMark('*', 1)) {
      cursor.index++ // the dot
      return parseStar(cursor, parts, at)
    }
    if (cursor.isWord('COLUMNS', 1) && cursor.isMark('(', 2)) {
      cursor.index++
      return parseColumns(cursor, parts, at)
    }
    if (!parseStep(cursor, parts)) break
    while (parts.length > 1 && cursor.isMark('[') && cursor.isMark(']', 1)) {
      cursor.index += 2
      addArrayStep(parts)
    }
  }
  if (parts.length > 1 && cursor.isMark('(')) return parseCall(cursor, parts.join('.'), at, true)
  return { kind: 'identifier', parts, at, end: cursor.end }
}

/** `.name`, `.:Type`, `.^name`, `.{name:Identifier}`; false if the dot belongs to something else. */
function parseStep(cursor: Cursor, parts: string[]): boolean {
  if (cursor.isMark('{', 1)) {
    cursor.index++
    parts.push(parameterPart(cursor))
    return true
  }
  const mark = cursor.isMark(':', 1) ? ':' : cursor.isMark('^', 1) ? '^' : ''
  if (mark === '' && !cursor.isName(1)) return false
  cursor.index += mark === '' ? 1 : 2
  parts.push(mark + cursor.expectName('a name'))
  return true
}

/** `a.b[]` is the path `b` as an array of objects; `[][]` as an array of arrays. */
function addArrayStep(parts: string[]): void {
  const last = parts[parts.length - 1]
  if (last.startsWith(':Array(')) parts[parts.length - 1] = `:Array(${last.slice(1)})`
  else parts.push(':Array(JSON)')
}

/** `{name:Type}`, or a name that begins with `{name:Identifier}`. */
function parseParameter(cursor: Cursor): Expression {
  const { at } = cursor
  const { name, type } = parseParameterBody(cursor)
  if (type === 'Identifier' && cursor.isMark('.')) return parsePath(cursor, [`{${name}:${type}}`], at)
  return { kind: 'parameter', name, type, at, end: cursor.end }
}

/** A part of a table's or column's name that a query parameter gives. */
export function parameterPart(cursor: Cursor): string {
  const { name, type } = parseParameterBody(cursor)
  return `{${name}:${type}}`
}

function parseParameterBody(cursor: Cursor): { name: string; type: string } {
  cursor.expectMark('{')
  const name = cursor.expectName("a parameter's name")
  cursor.expectMark(':', "between the parameter's name and its type")
  const type = parseType(cursor)
  cursor.expectMark('}', 'after the parameter')
  return { name, type }
}

/** `@@name` is globalVariable('name') AS `@@name`. */
function parseGlobalVariable(cursor: Cursor): Expression {
  const { at } = cursor
  cursor.index++
  let name = cursor.expectName("a variable's name")
  if (cursor.takeMark('.')) name = cursor.expectName("a variable's name")
  const span = cursor.spanFrom(at)
  return { ...callOf('globalVariable', [stringOf(name, span)], span), alias: `@@${name}` }
}
