// One SELECT: its clauses in their order. The larger clauses have files of their own: parse-from.ts,
// parse-clauses.ts. Invariant: the clauses come in ClickHouse's order, or the error says what came
// out of order.
import type { Expression, Limit, SelectQuery, WithItem } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { SqlSyntaxError } from './errors.ts'
import { END, NUMBER, QUOTED, WORD } from './lex.ts'
import { startsQuery } from './parse-brackets.ts'
import {
  parseGroupBy, parseLimits, parseNamedWindows, parseOrderBy, parseSettings,
} from './parse-clauses.ts'
import { parseTables } from './parse-from.ts'
import { NO_SELECT_ALIAS } from './words.ts'

/** `[WITH ...] [FROM ...] SELECT ...` up to its own SETTINGS. */
export function parseSelect(cursor: Cursor): SelectQuery {
  const { at } = cursor
  cursor.enter()
  const hasWith = cursor.takeWord('WITH')
  const recursive = hasWith && cursor.isWord('RECURSIVE') && !cursor.isWord('AS', 1) &&
    cursor.takeWord('RECURSIVE')
  const withItems = hasWith ? parseWithItems(cursor) : []
  const fromFirst = cursor.takeWord('FROM') ? parseTables(cursor) : null
  cursor.expectWord('SELECT')
  const { distinct, distinctOn } = parseDistinct(cursor)
  const top = parseTop(cursor)
  const select = parseSelectList(cursor)
  const from = fromFirst ?? (cursor.takeWord('FROM') ? parseTables(cursor) : null)
  const prewhere = parseCondition(cursor, 'PREWHERE')
  const where = parseCondition(cursor, 'WHERE')
  const groupBy = parseGroupBy(cursor)
  const having = parseCondition(cursor, 'HAVING')
  const windows = parseNamedWindows(cursor)
  const qualify = parseCondition(cursor, 'QUALIFY')
  const orderBy = parseOrderBy(cursor)
  const { limitBy, limit } = parseLimits(cursor, top)
  const settings = cursor.takeWord('SETTINGS') ? parseSettings(cursor) : []
  cursor.leave()
  const query: SelectQuery = {
    kind: 'select', with: withItems, recursive, distinct, distinctOn, select, from, prewhere, where,
    groupBy, having, windows, qualify, orderBy, limitBy, limit, settings, at, end: cursor.end,
  }
  refuseContradictions(query, limit)
  return query
}

/** What ClickHouse's parser refuses though each clause reads well. */
function refuseContradictions(query: SelectQuery, limit: Limit | null): void {
  if (limit?.withTies === true && query.orderBy === null) {
    throw new SqlSyntaxError('WITH TIES needs ORDER BY.', limit.at, limit.end, 'ORDER BY')
  }
  if (query.distinctOn !== null && query.limitBy !== null) {
    const { at, end } = query.limitBy
    throw new SqlSyntaxError('DISTINCT ON and LIMIT BY do not go together.', at, end, 'one of them')
  }
}

function parseCondition(cursor: Cursor, word: string): Expression | null {
  return cursor.takeWord(word) ? cursor.aliased() : null
}

// ---------------------------------------------------------------------------------------- WITH

/** Items up to SELECT or FROM; a comma may stand behind the last. */
function parseWithItems(cursor: Cursor): WithItem[] {
  const items = [parseWithItem(cursor)]
  while (cursor.takeMark(',') && !cursor.isWord('SELECT')) items.push(parseWithItem(cursor))
  return items
}

function parseWithItem(cursor: Cursor): WithItem {
  const { at } = cursor
  if (!isNamedQuery(cursor)) {
    const expr = cursor.aliased()
    return { kind: 'expression', expr, at, end: cursor.end }
  }
  const name = cursor.expectName('a name')
  const columns = cursor.isMark('(') ? parseNames(cursor) : []
  cursor.expectWord('AS')
  const materialized = cursor.takeWord('MATERIALIZED')
  cursor.expectMark('(', 'and a query')
  cursor.enter()
  const query = cursor.grammar.query(cursor)
  cursor.leave()
  cursor.expectMark(')', 'after the query')
  return { kind: 'query', name, columns, materialized, query, at, end: cursor.end }
}

/** `(a, b)`: names of columns. */
export function parseNames(cursor: Cursor): string[] {
  cursor.expectMark('(')
  const names = cursor.list(() => cursor.expectName("a column's name"))
  cursor.expectMark(')', 'after the names')
  return names
}

/** `name AS (`, `name (a, b) AS (`, `name AS MATERIALIZED (`. */
function isNamedQuery(cursor: Cursor): boolean {
  if (!cursor.isName()) return false
  let ahead = 1
  if (cursor.isMark('(', ahead)) {
    ahead++
    while (cursor.isName(ahead)) ahead += cursor.isMark(',', ahead + 1) ? 2 : 1
    if (!cursor.isMark(')', ahead)) return false
    ahead++
  }
  if (!cursor.isWord('AS', ahead)) return false
  if (cursor.isWord('MATERIALIZED', ahead + 1)) ahead++
  return cursor.isMark('(', ahead + 1)
}

// -------------------------------------------------------------------------------------- SELECT

function parseDistinct(cursor: Cursor): Pick<SelectQuery, 'distinct' | 'distinctOn'> {
  if (cursor.takeWord('ALL')) return { distinct: false, distinctOn: null }
  if (!cursor.takeWord('DISTINCT')) return { distinct: false, distinctOn: null }
  if (!cursor.isWord('ON') || !cursor.isMark('(', 1)) return { distinct: true, distinctOn: null }
  cursor.index += 2
  const distinctOn = cursor.list(() => cursor.aliased())
  cursor.expectMark(')', 'after DISTINCT ON')
  return { distinct: false, distinctOn }
}

/** `TOP n [WITH TIES]`, `TOP (n)`. */
function parseTop(cursor: Cursor): Limit | null {
  if (!cursor.isWord('TOP')) return null
  const isBracketed = cursor.isMark('(', 1) && cursor.kindAt(2) === NUMBER && cursor.isMark(')', 3)
  if (!isBracketed && cursor.kindAt(1) !== NUMBER) return null
  const { at } = cursor
  cursor.index += isBracketed ? 2 : 1
  const { spelling, at: numberAt } = { spelling: cursor.spelling(), at: cursor.at }
  cursor.index++
  const span = cursor.spanFrom(numberAt)
  const slot = cursor.slotField(span.at, span.end)
  if (isBracketed) cursor.index++
  const withTies = cursor.takeWords('WITH', 'TIES')
  const limit = { kind: 'literal', type: 'number', text: spelling, ...slot, ...span } as const
  return { limit, offset: null, withTies, at, end: cursor.end }
}

/** The list behind SELECT; a comma may stand behind the last expression. */
function parseSelectList(cursor: Cursor): Expression[] {
  const items = [parseSelectItem(cursor)]
  while (cursor.takeMark(',')) {
    if (cursor.kind === END || cursor.isMark(';') || startsTables(cursor)) break
    items.push(parseSelectItem(cursor))
  }
  return items
}

/** FROM and a table, behind a comma that ends the list; not a column named `from`. */
function startsTables(cursor: Cursor): boolean {
  if (!cursor.isWord('FROM')) return false
  return startsQuery(cursor) || cursor.isMark('(', 1)
}

/** An expression with an alias, here also without AS. */
function parseSelectItem(cursor: Cursor): Expression {
  const expr = cursor.expression()
  const isStar = expr.kind === 'asterisk' || expr.kind === 'columns'
  const { kind } = cursor
  const isNamed = cursor.takeWord('AS') || kind === QUOTED ||
    (kind === WORD && !NO_SELECT_ALIAS.has(cursor.wordAt(0)))
  if (!isNamed) return expr
  if (isStar && expr.parens !== true) cursor.fail('a comma or FROM, as several columns have no alias')
  const alias = cursor.expectName('a name')
  return { ...expr, alias, end: cursor.end }
}
