// FROM: tables, table functions, subqueries, and the joins between them.
// Invariant: joins lean left, in the order written; what ClickHouse's parser rewrites (joins and
// VALUES in parentheses) comes rewritten.
import type {
  ArrayJoin, Expression, Join, JoinKind, JoinStrictness, Query, Sample, Setting, TableExpression,
  TableFunction, TableSubquery,
} from './ast.ts'
import type { Cursor } from './cursor.ts'
import { NUMBER, QUOTED, STRING, WORD } from './lex.ts'
import { readString } from './literals.ts'
import { selectOf, starOf, subqueryOf } from './nodes.ts'
import { parseSettings } from './parse-clauses.ts'
import { parameterPart } from './parse-operand.ts'
import { startsQuery } from './parse-brackets.ts'
import { NO_TABLE_ALIAS } from './words.ts'

/** Everything behind FROM. */
export function parseTables(cursor: Cursor): TableExpression {
  let left = parseTable(cursor)
  let height = 0
  for (;;) {
    const next = parseArrayJoin(cursor, left) ?? parseJoin(cursor, left)
    if (next === null) return left
    left = next
    cursor.raise(++height, left.at)
  }
}

// --------------------------------------------------------------------------------------- joins

/** `[LEFT|INNER] ARRAY JOIN expr AS a, ...`. */
function parseArrayJoin(cursor: Cursor, left: TableExpression): ArrayJoin | null {
  const isPrefixed = cursor.isWord('LEFT') || cursor.isWord('INNER')
  const outer = cursor.isWord('LEFT')
  if (!cursor.isWord('ARRAY', isPrefixed ? 1 : 0)) return null
  cursor.index += isPrefixed ? 2 : 1
  cursor.expectWord('JOIN')
  const items = cursor.list(() => cursor.aliased())
  return { kind: 'array join', outer, left, items, at: left.at, end: cursor.end }
}

const STRICTNESS: ReadonlyMap<string, JoinStrictness> = new Map([
  ['ANY', 'any'], ['ALL', 'all'], ['ASOF', 'asof'], ['SEMI', 'semi'], ['ANTI', 'anti'],
  ['ONLY', 'anti'],
])
const KINDS: ReadonlyMap<string, JoinKind> = new Map([
  ['INNER', 'inner'], ['LEFT', 'left'], ['RIGHT', 'right'], ['FULL', 'full'], ['CROSS', 'cross'],
  ['PASTE', 'paste'],
])

/** A comma, or `[GLOBAL] [NATURAL] [ANY] [LEFT] [OUTER] [ANY] JOIN`; null if neither is there. */
function parseJoin(cursor: Cursor, left: TableExpression): Join | null {
  if (cursor.takeMark(',')) {
    const right = parseTable(cursor)
    const base = { strictness: null, locality: null, natural: false, on: null, using: null }
    return { kind: 'join', join: 'comma', ...base, left, right, at: left.at, end: cursor.end }
  }
  const start = cursor.index
  const isGlobal = cursor.takeWord('GLOBAL')
  const locality = isGlobal ? 'global' : cursor.takeWord('LOCAL') ? 'local' : null
  const natural = cursor.takeWord('NATURAL')
  let strictness = takeFrom(cursor, STRICTNESS)
  const kind = takeFrom(cursor, KINDS)
  if (kind === 'left' || kind === 'right' || kind === 'full') cursor.takeWord('OUTER')
  strictness ??= takeFrom(cursor, STRICTNESS)
  if (!cursor.takeWord('JOIN')) {
    if (cursor.index > start) cursor.fail('JOIN', ['JOIN'])
    return null
  }
  const isHalf = strictness === 'semi' || strictness === 'anti'
  const join = kind ?? (isHalf ? 'left' : 'inner')
  const right = parseTable(cursor)
  const isFree = natural || join === 'cross' || join === 'paste'
  const { on, using } = isFree ? { on: null, using: null } : parseConstraint(cursor)
  const base = { kind: 'join', join, strictness, locality, natural } as const
  return { ...base, left, right, on, using, at: left.at, end: cursor.end }
}

function takeFrom<T>(cursor: Cursor, words: ReadonlyMap<string, T>): T | null {
  const found = words.get(cursor.wordAt(0))
  if (found === undefined) return null
  cursor.index++
  return found
}

/** `ON condition`, `USING (a, b)`, `USING a, b`. */
function parseConstraint(cursor: Cursor): Pick<Join, 'on' | 'using'> {
  if (cursor.takeWord('ON')) return { on: cursor.aliased(), using: null }
  if (!cursor.takeWord('USING')) cursor.fail('ON or USING after the joined table', ['ON', 'USING'])
  if (!cursor.takeMark('(')) return { on: null, using: cursor.list(() => cursor.aliased()) }
  const using = cursor.list(() => cursor.aliased())
  cursor.expectMark(')', 'after the columns of USING')
  return { on: null, using }
}

// -------------------------------------------------------------------------------------- tables

/** One table with alias, FINAL and SAMPLE. */
function parseTable(cursor: Cursor): TableExpression {
  const { at } = cursor
  cursor.enter()
  const table = cursor.isMark('(') ? parseParenthesised(cursor) : parseNamedTable(cursor)
  cursor.leave()
  return decorate(cursor, table, at)
}

/** Alias, names of columns, FINAL and SAMPLE behind a table. */
function decorate<T extends TableExpression>(cursor: Cursor, table: T, at: number): T {
  const { kind } = cursor
  const isAliased = cursor.takeWord('AS') || kind === QUOTED ||
    (kind === WORD && !NO_TABLE_ALIAS.has(cursor.wordAt(0)))
  const alias = isAliased ? { alias: cursor.expectName("a table's alias") } : {}
  const columnAliases = cursor.isMark('(') ? { columnAliases: parseColumnNames(cursor) } : {}
  const final = cursor.takeWord('FINAL')
  const sample = parseSample(cursor)
  return { ...table, ...alias, ...columnAliases, final, sample, at, end: cursor.end }
}

function parseColumnNames(cursor: Cursor): string[] {
  cursor.expectMark('(')
  const names = cursor.list(() => cursor.expectName("a column's name"))
  cursor.expectMark(')', 'after the names of the columns')
  return names
}

const PLAIN = { final: false, sample: null } as const

/** `(query)`, `(VALUES ...)`, `(a JOIN b ...)`, each as a subquery. */
function parseParenthesised(cursor: Cursor): TableSubquery {
  const { at } = cursor
  cursor.expectMark('(')
  const query = startsQuery(cursor) ? cursor.grammar.query(cursor)
    : cursor.isWord('VALUES') && cursor.isMark('(', 1) ? parseValues(cursor)
      : parseJoinedTables(cursor)
  cursor.expectMark(')', 'after the subquery')
  return { kind: 'table subquery', query, ...PLAIN, ...cursor.spanFrom(at) }
}

/** `VALUES (1, 'a'), (2, 'b')`. */
function parseValues(cursor: Cursor): Query {
  const { at } = cursor
  cursor.index++
  const args = cursor.list(() => cursor.expression())
  const span = cursor.spanFrom(at)
  const table: TableFunction = {
    kind: 'table function', name: 'SQLStandardValues', args, settings: [], ...PLAIN, ...span,
  }
  return selectOf(starOf(span), table, span)
}

/** `a JOIN b ...` in parentheses, or a query in further parentheses: `((SELECT 1) UNION ALL ...)`. */
function parseJoinedTables(cursor: Cursor): Query {
  const { at } = cursor
  if (cursor.isMark('(')) {
    cursor.enter()
    const inner = parseParenthesised(cursor)
    cursor.leave()
    const first = { ...inner.query, parens: true as const, at: inner.at, end: inner.end }
    const query = cursor.grammar.setOperations(cursor, first)
    if (cursor.isMark(')')) return query === first ? inner.query : query
    return joinAll(cursor, decorate(cursor, inner, at), at)
  }
  return joinAll(cursor, parseTable(cursor), at)
}

function joinAll(cursor: Cursor, first: TableExpression, at: number): Query {
  let tables = first
  for (;;) {
    const next = parseArrayJoin(cursor, tables) ?? parseJoin(cursor, tables)
    if (next === null) break
    tables = next
  }
  if (tables === first) cursor.fail('a join inside the parentheses')
  const span = cursor.spanFrom(at)
  return selectOf(starOf(span), tables, span)
}

/** `t`, `db.t`, `'file.csv'`, `{name:Identifier}`, `numbers(10)`. */
function parseNamedTable(cursor: Cursor): TableExpression {
  const { at } = cursor
  const parts = [parsePart(cursor)]
  if (cursor.takeMark('.')) parts.push(parsePart(cursor))
  if (!cursor.isMark('(')) {
    return { kind: 'table', parts, ...PLAIN, ...cursor.spanFrom(at) }
  }
  return parseTableFunction(cursor, parts.join('.'), at)
}

function parsePart(cursor: Cursor): string {
  if (cursor.isMark('{')) return parameterPart(cursor)
  if (cursor.kind === STRING) {
    const name = readString(cursor.spelling())
    cursor.index++
    return name
  }
  return cursor.expectName('a table')
}

function parseTableFunction(cursor: Cursor, name: string, at: number): TableFunction {
  cursor.expectMark('(')
  const args: Expression[] = []
  let settings: readonly Setting[] = []
  while (!cursor.isMark(')')) {
    if (cursor.isWord('SETTINGS') && (cursor.isMark('=', 2) || cursor.isMark('.', 2))) {
      cursor.index++
      settings = parseSettings(cursor)
      break
    }
    args.push(parseTableArgument(cursor, name))
    if (!cursor.takeMark(',')) break
  }
  cursor.expectMark(')', `or a comma in the arguments of ${name}`)
  return { kind: 'table function', name, args, settings, ...PLAIN, ...cursor.spanFrom(at) }
}

/** An expression; `view` takes a bare query. */
function parseTableArgument(cursor: Cursor, name: string): Expression {
  if (!/^view$/i.test(name) || !startsQuery(cursor)) return cursor.aliased()
  const { at } = cursor
  const query = cursor.grammar.query(cursor)
  return subqueryOf(query, cursor.spanFrom(at))
}

/** `SAMPLE 0.1`, `SAMPLE 1/10 OFFSET 1/2`. */
function parseSample(cursor: Cursor): Sample | null {
  const { at } = cursor
  if (!cursor.takeWord('SAMPLE')) return null
  const ratio = parseRatio(cursor)
  const hasOffset = cursor.isWord('OFFSET') && cursor.kindAt(1) === NUMBER
  if (hasOffset) cursor.index++
  const offset = hasOffset ? parseRatio(cursor) : null
  return { ratio, offset, slots: cursor.slotsWithin(at, cursor.end), at, end: cursor.end }
}

function parseRatio(cursor: Cursor): string {
  if (cursor.kind !== NUMBER) cursor.fail('a sampling ratio such as 0.1 or 1/10')
  const numerator = cursor.spelling()
  cursor.index++
  if (!cursor.isMark('/') || cursor.kindAt(1) !== NUMBER) return numerator
  cursor.index++
  const denominator = cursor.spelling()
  cursor.index++
  return `${numerator}/${denominator}`
}
