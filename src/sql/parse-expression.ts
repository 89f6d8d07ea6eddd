// Expressions: precedence climbing over the table of operators.ts. Operands come from
// parse-operand.ts. Invariant: expression(power) consumes an operand and every operator behind it
// that binds at least as tight as `power`, and nothing of what follows.
import type { Expression, FunctionCall, In, Span } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { MARK, NUMBER, STRING, WORD } from './lex.ts'
import {
  boolOf, callOf, numberOf, operatorOf, selectOf, starOf, stringOf, subqueryOf,
} from './nodes.ts'
import {
  COMPARISONS, INFIX, LIKES, MERGED, POWER_BETWEEN, POWER_COMPARE, POWER_IS, POWER_NEGATE,
  POWER_TERNARY,
} from './operators.ts'
import type { InfixOperator } from './operators.ts'
import { parseOperand } from './parse-operand.ts'
import { parseType } from './parse-type.ts'
import { readString } from './literals.ts'
import { parseSubquery } from './parse-brackets.ts'

/** Grammar.expression: an operand and the operators behind it. */
export function parseExpression(cursor: Cursor, power: number): Expression {
  cursor.enter()
  const outerHeight = cursor.height
  cursor.height = 0
  const operand = parseOperand(cursor, power)
  const result = parseOperators(cursor, operand, power)
  const { height } = cursor
  cursor.height = outerHeight
  cursor.raise(height, result.at)
  cursor.leave()
  return result
}

/** The operators behind `left`, which has been parsed already. */
export function parseOperators(cursor: Cursor, left: Expression, power: number): Expression {
  let result = left
  let height = cursor.height + 1
  for (;;) {
    cursor.height = 0
    const next = parseOperator(cursor, result, power)
    if (next === null) break
    result = next
    height = Math.max(height, cursor.height) + 1
    cursor.raise(height, left.at)
  }
  cursor.height = height
  return result
}

/** One operator behind `left`; null if there is none that binds at least as tight as `power`. */
function parseOperator(cursor: Cursor, left: Expression, power: number): Expression | null {
  const { kind } = cursor
  if (kind !== MARK && kind !== WORD) return null
  const text = cursor.tokens.texts[cursor.index]
  const operator = INFIX.get(text)
  if (operator !== undefined) {
    return operator.power < power ? null : parseInfix(cursor, left, operator)
  }
  if (kind === MARK) return parseMarkOperator(cursor, left, text, power)
  switch (text) {
    case 'IS':
      return power <= POWER_IS ? parseIs(cursor, left) : null
    case 'BETWEEN':
      return power <= POWER_BETWEEN ? parseBetween(cursor, left, false) : null
    case 'IN':
    case 'GLOBAL':
      return power <= POWER_COMPARE ? parseIn(cursor, left) : null
    case 'NOT':
      return parseNegated(cursor, left, power)
    case 'AT':
      return power <= POWER_NEGATE ? parseAtTimeZone(cursor, left) : null
    default:
      return null
  }
}

function parseMarkOperator(
  cursor: Cursor, left: Expression, mark: string, power: number,
): Expression | null {
  switch (mark) {
    case '?':
      return power <= POWER_TERNARY ? parseTernary(cursor, left) : null
    case '::':
      return parseColonsCast(cursor, left)
    case '[': {
      cursor.index++
      const index = cursor.aliased()
      cursor.expectMark(']', 'after the index')
      return operatorOf('arrayElement', [left, index], cursor.spanFrom(left.at))
    }
    case '.':
      return parseDot(cursor, left)
    default:
      return null
  }
}

/** A plain infix operator. Chains of AND, OR and || become one call. */
function parseInfix(cursor: Cursor, left: Expression, operator: InfixOperator): Expression {
  const text = cursor.tokens.texts[cursor.index]
  cursor.index++
  if (COMPARISONS.has(operator.name) && isQuantifier(cursor)) {
    return parseQuantified(cursor, left, operator.name)
  }
  const args = [left, cursor.expression(operator.power + 1)]
  if (MERGED.has(operator.name)) {
    while (cursor.isMark(text) || cursor.isWord(text)) {
      cursor.index++
      args.push(cursor.expression(operator.power + 1))
    }
  }
  if (LIKES.has(operator.name)) addEscape(cursor, args)
  return operatorOf(operator.name, args, cursor.spanFrom(left.at))
}

/** `LIKE pattern ESCAPE '#'` is like(value, pattern, '#'). */
function addEscape(cursor: Cursor, args: Expression[]): void {
  if (!cursor.isWord('ESCAPE') || cursor.kindAt(1) !== STRING) return
  cursor.index++
  const { at } = cursor
  const value = readString(cursor.spelling())
  cursor.index++
  args.push(stringOf(value, cursor.spanFrom(at)))
}

/** `IS [NOT] NULL`, `IS [NOT] DISTINCT FROM x`, `IS [NOT] TRUE`, `IS [NOT] UNKNOWN`. */
function parseIs(cursor: Cursor, left: Expression): Expression | null {
  const not = cursor.isWord('NOT', 1)
  const ahead = not ? 2 : 1
  const word = cursor.wordAt(ahead)
  if (word === 'NULL' || word === 'UNKNOWN') {
    cursor.index += ahead + 1
    return operatorOf(not ? 'isNotNull' : 'isNull', [left], cursor.spanFrom(left.at))
  }
  if (word === 'TRUE' || word === 'FALSE') {
    cursor.index += ahead
    const { at } = cursor
    cursor.index++
    const right = boolOf(word === 'TRUE', cursor.spanFrom(at))
    const name = not ? 'isDistinctFrom' : 'isNotDistinctFrom'
    return operatorOf(name, [left, right], cursor.spanFrom(left.at))
  }
  if (word !== 'DISTINCT' || !cursor.isWord('FROM', ahead + 1)) return null
  cursor.index += ahead + 2
  const right = cursor.expression(POWER_IS + 1)
  const name = not ? 'isNotDistinctFrom' : 'isDistinctFrom'
  return operatorOf(name, [left, right], cursor.spanFrom(left.at))
}

/** `NOT LIKE`, `NOT ILIKE`, `NOT IN`, `NOT BETWEEN`. */
function parseNegated(cursor: Cursor, left: Expression, power: number): Expression | null {
  const word = cursor.wordAt(1)
  if (word === 'BETWEEN') {
    return power <= POWER_BETWEEN ? parseBetween(cursor, left, true) : null
  }
  if (power > POWER_COMPARE) return null
  if (word === 'IN') return parseIn(cursor, left)
  if (word !== 'LIKE' && word !== 'ILIKE') return null
  cursor.index += 2
  const args = [left, cursor.expression(POWER_COMPARE + 1)]
  addEscape(cursor, args)
  const name = word === 'LIKE' ? 'notLike' : 'notILike'
  return operatorOf(name, args, cursor.spanFrom(left.at))
}

function parseBetween(cursor: Cursor, expr: Expression, not: boolean): Expression {
  cursor.index += not ? 2 : 1
  const low = cursor.expression(POWER_BETWEEN + 1)
  cursor.expectWord('AND')
  const high = cursor.expression(POWER_BETWEEN + 1)
  return { kind: 'between', not, expr, low, high, at: expr.at, end: cursor.end }
}

/** `[GLOBAL] [NOT] IN right`. */
function parseIn(cursor: Cursor, expr: Expression): In | null {
  const start = cursor.index
  const global = cursor.takeWord('GLOBAL')
  const not = cursor.takeWord('NOT')
  if (!cursor.takeWord('IN')) {
    cursor.index = start
    return null
  }
  const right = cursor.expression(POWER_COMPARE + 1)
  return { kind: 'in', not, global, expr, right, at: expr.at, end: cursor.end }
}

function parseAtTimeZone(cursor: Cursor, left: Expression): Expression | null {
  if (!cursor.takeWords('AT', 'TIME', 'ZONE')) return null
  const zone = cursor.expression(POWER_NEGATE + 1)
  return callOf('toTimeZone', [left, zone], cursor.spanFrom(left.at))
}

/** `condition ? then : otherwise`. One does not stand in another without parentheses. */
function parseTernary(cursor: Cursor, condition: Expression): Expression {
  cursor.index++
  const then = cursor.expression(POWER_TERNARY + 1)
  cursor.expectMark(':', 'of the operator ? :')
  const otherwise = cursor.expression(POWER_TERNARY + 1)
  if (cursor.isMark('?')) cursor.fail('parentheses around the inner ? :')
  return operatorOf('if', [condition, then, otherwise], cursor.spanFrom(condition.at))
}

/** `left::Type`. */
export function parseColonsCast(cursor: Cursor, expr: Expression): Expression {
  cursor.expectMark('::')
  const typeAt = cursor.at
  const type = parseType(cursor)
  return { kind: 'cast', expr, type, typeAt, form: 'colons', at: expr.at, end: cursor.end }
}

/** `left.1`, `left.-1` (from the end), and `left.name` of what is no plain name. */
function parseDot(cursor: Cursor, left: Expression): Expression | null {
  const isNegative = cursor.isMark('-', 1) && cursor.kindAt(2) === NUMBER
  if (isNegative || cursor.kindAt(1) === NUMBER) {
    cursor.index++
    const { at } = cursor
    if (isNegative) cursor.index++
    const text = `${isNegative ? '-' : ''}${cursor.spelling()}`
    cursor.index++
    const index = numberOf(text, cursor.spanFrom(at))
    return operatorOf('tupleElement', [left, index], cursor.spanFrom(left.at))
  }
  if (left.kind === 'literal' || !cursor.isName(1)) return null
  cursor.index++
  const { at } = cursor
  const name = cursor.expectName("an element's name")
  const args = [left, stringOf(name, cursor.spanFrom(at))]
  return callOf('tupleElement', args, cursor.spanFrom(left.at))
}

// ------------------------------------------------------------------------------ ANY and ALL

/** `ANY (SELECT`, `ALL (SELECT`, `SOME (SELECT` behind a comparison. */
function isQuantifier(cursor: Cursor): boolean {
  const word = cursor.wordAt(0)
  return (word === 'ANY' || word === 'ALL' || word === 'SOME') && cursor.isMark('(', 1) &&
    (cursor.isWord('SELECT', 2) || cursor.isWord('WITH', 2))
}

/**
 * ClickHouse's rewriting: equality with ANY is IN, inequality with ALL is NOT IN, and the others
 * compare with one value of the subquery.
 */
function parseQuantified(cursor: Cursor, expr: Expression, comparison: string): Expression {
  const isAll = cursor.isWord('ALL')
  cursor.index++
  const subquery = parseSubquery(cursor)
  const span = cursor.spanFrom(expr.at)
  if (comparison === 'equals' || comparison === 'notEquals') {
    const not = comparison === 'notEquals'
    const right = isAll === not ? subquery : reduced(subquery, 'singleValueOrNull')
    return { kind: 'in', not, global: false, expr, right, at: span.at, end: span.end }
  }
  const isLess = comparison === 'less' || comparison === 'lessOrEquals'
  const reducer = isLess === isAll ? 'min' : 'max'
  return operatorOf(comparison, [expr, reduced(subquery, reducer)], span)
}

/** `(SELECT reducer(*) FROM subquery)`. */
function reduced(subquery: ReturnType<typeof parseSubquery>, reducer: string): Expression {
  const span: Span = { at: subquery.at, end: subquery.end }
  const table = {
    kind: 'table subquery', query: subquery.query, final: false, sample: null, ...span,
  } as const
  const item: FunctionCall = callOf(reducer, [starOf(span)], span)
  return subqueryOf(selectOf(item, table, span), span)
}

// ----------------------------------------------------------------------------------- aliases

/**
 * An expression with or without `AS alias`, as it stands in arguments, lists and clauses. Operators
 * may follow the alias (`f(1 AS x + 2)` is `f((1 AS x) + 2)`).
 */
export function parseAliased(cursor: Cursor): Expression {
  const expr = cursor.expression()
  if (!cursor.takeWord('AS')) return expr
  const alias = cursor.expectName('a name after AS')
  const named: Expression = { ...expr, alias, at: expr.at, end: cursor.end }
  const grouped: Expression = { ...named, parens: true }
  const more = parseOperators(cursor, grouped, 0)
  return more === grouped ? named : more
}
