// What stands in round and square brackets: parenthesised expressions, tuples, arrays, subqueries;
// and literals in front of `::`, whose text ClickHouse casts as it stands.
// Invariant: a query in brackets is recognised by its first word, so nothing is parsed twice.
import type { Expression, Lambda, Subquery } from './ast.ts'
import { NESTING_MAX, type Cursor } from './cursor.ts'
import { MARK, NUMBER, STRING } from './lex.ts'
import { subqueryOf } from './nodes.ts'
import { parseType } from './parse-type.ts'
import { CLAUSE_WORDS } from './words.ts'

/** True when a query starts here: SELECT, WITH or FROM that can not be a name. */
export function startsQuery(cursor: Cursor, ahead = 0): boolean {
  const word = cursor.wordAt(ahead)
  if (word === 'SELECT') return !cursor.isMark(')', ahead + 1) && !cursor.isMark(',', ahead + 1)
  if (word !== 'WITH' && word !== 'FROM') return false
  const kind = cursor.kindAt(ahead + 1)
  const isOperand = kind === NUMBER || kind === STRING || cursor.isName(ahead + 1)
  return (isOperand && !CLAUSE_WORDS.has(cursor.wordAt(ahead + 1))) ||
    cursor.isMark('(', ahead + 1) || cursor.isMark('{', ahead + 1) || cursor.isMark('[', ahead + 1)
}

/** `(query)`, where nothing else may stand. */
export function parseSubquery(cursor: Cursor): Subquery {
  const { at } = cursor
  cursor.expectMark('(', 'and a query')
  cursor.enter()
  const query = cursor.grammar.query(cursor)
  cursor.leave()
  cursor.expectMark(')', 'after the query')
  return subqueryOf(query, cursor.spanFrom(at))
}

/** `(...)`: a subquery, a tuple, or an expression in parentheses. */
export function parseParens(cursor: Cursor): Expression {
  if (startsQuery(cursor, 1)) return parseSubquery(cursor)
  const { at } = cursor
  cursor.index++
  if (cursor.takeMark(')')) return tuple(cursor, [], at)
  const first = cursor.aliased()
  if (cursor.isMark(',')) {
    const items = [first]
    while (cursor.takeMark(',') && !cursor.isMark(')')) items.push(cursor.aliased())
    cursor.expectMark(')', 'after the tuple')
    return tuple(cursor, items, at)
  }
  if (first.kind === 'subquery' && first.alias === undefined) return parseNestedQuery(cursor, first, at)
  cursor.expectMark(')')
  return { ...first, parens: true, at, end: cursor.end }
}

/** `((SELECT 1))`, or `((SELECT 1) UNION ALL ...)`; the parenthesis at `at` is still open. */
function parseNestedQuery(cursor: Cursor, first: Subquery, at: number): Subquery {
  const inner = { ...first.query, parens: true as const, at: first.at, end: first.end }
  const query = cursor.grammar.setOperations(cursor, inner)
  cursor.expectMark(')', 'after the query')
  return subqueryOf(query === inner ? first.query : query, cursor.spanFrom(at))
}

function tuple(cursor: Cursor, items: readonly Expression[], at: number): Expression {
  const { end } = cursor
  return { kind: 'tuple', items, ...cursor.slotField(at, end), at, end }
}

/** `[a, b]`. */
export function parseArray(cursor: Cursor): Expression {
  const { at } = cursor
  cursor.expectMark('[')
  const items = cursor.isMark(']') ? [] : cursor.list(() => cursor.aliased())
  cursor.expectMark(']', 'after the array')
  const { end } = cursor
  return { kind: 'array', items, ...cursor.slotField(at, end), at, end }
}

/** `x -> body`, `(x, y) -> body`, `() -> body`; null if no lambda starts here. */
export function parseLambda(cursor: Cursor, bodyPower: number): Lambda | null {
  if (!startsLambda(cursor)) return null
  const { at } = cursor
  const params: string[] = []
  if (cursor.takeMark('(')) {
    while (!cursor.takeMark(')')) {
      params.push(cursor.expectName('a parameter'))
      cursor.takeMark(',')
    }
  } else params.push(cursor.expectName('a parameter'))
  cursor.expectMark('->')
  const body = cursor.expression(bodyPower)
  return { kind: 'lambda', params, body, at, end: cursor.end }
}

/** Looks for the arrow behind a name, or behind names in parentheses. */
function startsLambda(cursor: Cursor): boolean {
  if (cursor.isName()) return cursor.isMark('->', 1)
  if (!cursor.isMark('(')) return false
  let ahead = 1
  while (cursor.isName(ahead)) {
    ahead++
    if (!cursor.isMark(',', ahead)) break
    ahead++
  }
  return cursor.isMark(')', ahead) && cursor.isMark('->', ahead + 1)
}

/**
 * A number, or an array or tuple of numbers and strings, in front of `::`. ClickHouse reads the type
 * from this text (`1.10::Decimal(9, 2)` is exact), so the text stands beside the value.
 * `parseValue` reads the value itself. Null if no such cast starts here.
 */
export function parseLiteralCast(
  cursor: Cursor, parseValue: (cursor: Cursor) => Expression,
): Expression | null {
  const start = cursor.index
  const stop = literalEnd(cursor)
  if (stop < 0 || cursor.tokens.kinds[stop] !== MARK || cursor.tokens.texts[stop] !== '::') return null
  const { at } = cursor
  const expr = parseValue(cursor)
  if (cursor.index !== stop) {
    cursor.index = start
    return null
  }
  const literalText = cursor.text.slice(at, cursor.end)
  cursor.index++
  const typeAt = cursor.at
  const type = parseType(cursor)
  return { kind: 'cast', expr, type, typeAt, form: 'colons', literalText, at, end: cursor.end }
}

/** Index of the token behind a literal of numbers, strings and brackets; -1 if there is none. */
function literalEnd(cursor: Cursor): number {
  const { kinds, texts } = cursor.tokens
  let i = cursor.index
  if (kinds[i] === NUMBER) return cursor.declaredType() === undefined ? i + 1 : -1
  if (kinds[i] === MARK && texts[i] === '-') return kinds[i + 1] === NUMBER ? i + 2 : -1
  const open: string[] = []
  // What stands before the current token: '[' also stands for '(' and for the start.
  let last = '['
  for (; ; i++) {
    const isValue = (kinds[i] === NUMBER && cursor.declaredType(i - cursor.index) === undefined) || kinds[i] === STRING
    const text = isValue ? 'value' : kinds[i] === MARK ? texts[i] : ''
    if (text === '[' || text === '(') {
      if (last !== '[' && last !== ',') return -1
      // Deeper than a statement may be: without this every bracket would look to the end of the text.
      if (open.length === NESTING_MAX) return -1
      open.push(text)
      last = '['
      continue
    }
    if (text === ']' || text === ')') {
      if (last === ',' || last === '-' || open.pop() !== (text === ']' ? '[' : '(')) return -1
    } else if (text === ',') {
      if (last === '[' || last === ',' || last === '-') return -1
    } else if (isValue || text === '-') {
      const afterMinus = last === '-' && kinds[i] === NUMBER
      if (last !== '[' && last !== ',' && !afterMinus) return -1
    } else return -1
    last = text
    if (open.length === 0) return i + 1
  }
}
