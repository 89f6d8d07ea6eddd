// The clauses behind FROM and WHERE: GROUP BY, WINDOW, ORDER BY, LIMIT, SETTINGS.
import type {
  Expression, GroupBy, InterpolateItem, Limit, LimitBy, NamedWindow, OrderBy, OrderItem, Setting,
} from './ast.ts'
import type { Cursor } from './cursor.ts'
import { SqlSyntaxError } from './errors.ts'
import { END, MARK, NUMBER, STRING } from './lex.ts'
import { boolOf, operatorOf } from './nodes.ts'
import { POWER_ATOM } from './operators.ts'
import { parseString } from './parse-string.ts'
import { parseDirection, parseOrderItem, parseWindow } from './parse-window.ts'

// ------------------------------------------------------------------------------------ GROUP BY

/** `GROUP BY ... [WITH ROLLUP|CUBE|TOTALS]`, or WITH TOTALS alone; null if neither is there. */
export function parseGroupBy(cursor: Cursor): GroupBy | null {
  const { at } = cursor
  const isGrouped = cursor.takeWords('GROUP', 'BY')
  if (!isGrouped && !cursor.isWords('WITH', 'TOTALS')) return null
  const grouping = isGrouped ? parseGrouping(cursor) : NO_GROUPING
  const taken = new Set([grouping.modifier])
  while (cursor.isWord('WITH') && !cursor.isWord('FILL', 1)) {
    const word = cursor.wordAt(1)
    cursor.index++
    if (!GROUP_MODIFIERS.includes(word)) cursor.fail('ROLLUP, CUBE or TOTALS', GROUP_MODIFIERS)
    cursor.index++
    taken.add(word)
  }
  const { keys, all, sets } = grouping
  const [rollup, cube, totals] = GROUP_MODIFIERS.map((word) => taken.has(word))
  return { keys, all, sets, rollup, cube, totals, at, end: cursor.end }
}

const GROUP_MODIFIERS = ['ROLLUP', 'CUBE', 'TOTALS']

interface Grouping extends Pick<GroupBy, 'keys' | 'all' | 'sets'> {
  /** `ROLLUP(a, b)` means the same as `a, b WITH ROLLUP`. */
  readonly modifier: string
}

const NO_GROUPING: Grouping = { keys: [], all: false, sets: null, modifier: '' }

function parseGrouping(cursor: Cursor): Grouping {
  if (cursor.isWord('ALL') && endsItem(cursor)) {
    cursor.index++
    return { ...NO_GROUPING, all: true }
  }
  if (cursor.isWords('GROUPING', 'SETS') && cursor.isMark('(', 2)) {
    cursor.index += 3
    const sets = cursor.list(() => parseGroupingSet(cursor))
    cursor.expectMark(')', 'after GROUPING SETS')
    return { ...NO_GROUPING, sets }
  }
  const modifier = cursor.wordAt(0)
  if ((modifier === 'ROLLUP' || modifier === 'CUBE') && cursor.isMark('(', 1)) {
    cursor.index += 2
    const keys = cursor.list(() => cursor.aliased())
    cursor.expectMark(')', `after ${modifier}`)
    return { ...NO_GROUPING, keys, modifier }
  }
  return { ...NO_GROUPING, keys: cursor.list(() => cursor.aliased()) }
}

/** True when the word here stands alone: no operator, comma or parenthesis follows it. */
function endsItem(cursor: Cursor): boolean {
  return cursor.kindAt(1) !== MARK || cursor.isMark(')', 1) || cursor.isMark(';', 1)
}

/** `(a, b)`, `()`, or an expression. */
function parseGroupingSet(cursor: Cursor): Expression[] {
  if (!cursor.takeMark('(')) return [cursor.aliased()]
  const keys = cursor.isMark(')') ? [] : cursor.list(() => cursor.aliased())
  cursor.expectMark(')', 'after the grouping set')
  return keys
}

// ---------------------------------------------------------------------------- WINDOW, ORDER BY

/** `WINDOW name AS (...), ...`; empty if the clause is not there. */
export function parseNamedWindows(cursor: Cursor): NamedWindow[] {
  if (!cursor.takeWord('WINDOW')) return []
  return cursor.list(() => {
    const { at } = cursor
    const name = cursor.expectName("a window's name")
    cursor.expectWord('AS')
    return { name, definition: parseWindow(cursor), at, end: cursor.end }
  })
}

/** `ORDER BY ...` with INTERPOLATE, or ORDER BY ALL; null if the clause is not there. */
export function parseOrderBy(cursor: Cursor): OrderBy | null {
  const { at } = cursor
  if (!cursor.takeWords('ORDER', 'BY')) return null
  if (cursor.isWord('ALL') && endsItem(cursor)) {
    const itemAt = cursor.at
    cursor.index++
    const direction = parseDirection(cursor)
    const span = cursor.spanFrom(itemAt)
    const item: OrderItem = { expr: null, ...direction, collate: null, fill: null, ...span }
    return { all: true, items: [item], interpolate: null, ...cursor.spanFrom(at) }
  }
  const items = cursor.list(() => parseOrderItem(cursor))
  const isFilled = items.some((item) => item.fill !== null)
  const interpolate = isFilled && cursor.takeWord('INTERPOLATE') ? parseInterpolate(cursor) : null
  return { all: false, items, interpolate, ...cursor.spanFrom(at) }
}

/** `[(name [AS expr], ...)]` behind INTERPOLATE. */
function parseInterpolate(cursor: Cursor): InterpolateItem[] {
  if (!cursor.takeMark('(')) return []
  if (cursor.takeMark(')')) return []
  const items = cursor.list((): InterpolateItem => {
    const { at } = cursor
    const name = cursor.expectName("a column's name")
    const expr = cursor.takeWord('AS') ? cursor.expression() : null
    return { name, expr, at, end: cursor.end }
  })
  cursor.expectMark(')', 'after INTERPOLATE')
  return items
}

// --------------------------------------------------------------------------------------- LIMIT

/** LIMIT BY, then LIMIT or OFFSET; `top` is the limit that TOP gave. */
export function parseLimits(
  cursor: Cursor, top: Limit | null,
): { limitBy: LimitBy | null; limit: Limit | null } {
  let limitBy: LimitBy | null = null
  let limit = parseLimit(cursor)
  if (limit !== null && 'by' in limit) {
    limitBy = limit
    limit = cursor.isWord('LIMIT') ? parseLimit(cursor) : null
    if (limit !== null && 'by' in limit) {
      throw new SqlSyntaxError('A query has one LIMIT BY.', limit.at, limit.end, 'one LIMIT BY')
    }
  }
  if (limit === null && limitBy === null) limit = parseOffset(cursor)
  if (top === null) return { limitBy, limit }
  if (limit === null) return { limitBy, limit: top }
  if (limit.limit !== null) {
    const { at, end } = limit
    throw new SqlSyntaxError('TOP and LIMIT do not go together.', at, end, 'one of them')
  }
  return { limitBy, limit: { ...top, offset: limit.offset, end: limit.end } }
}

/** `LIMIT n`, `LIMIT m, n`, `LIMIT n OFFSET m`, each perhaps with BY or WITH TIES. */
function parseLimit(cursor: Cursor): Limit | LimitBy | null {
  const { at } = cursor
  if (!cursor.takeWord('LIMIT')) return null
  let limit = cursor.aliased()
  let offset: Expression | null = null
  if (cursor.takeMark(',')) {
    offset = limit
    limit = cursor.aliased()
  } else if (cursor.takeWord('OFFSET')) offset = cursor.aliased()
  if (!cursor.takeWord('BY')) {
    const withTies = cursor.takeWords('WITH', 'TIES')
    return { limit, offset, withTies, at, end: cursor.end }
  }
  if (cursor.isWord('ALL') && endsItem(cursor)) {
    cursor.index++
    return { limit, offset, by: [], all: true, at, end: cursor.end }
  }
  const by = cursor.list(() => cursor.aliased())
  return { limit, offset, by, all: false, at, end: cursor.end }
}

/** `[OFFSET m [ROWS]] [FETCH FIRST n ROWS ONLY|WITH TIES]`, FETCH only behind ROWS or alone. */
function parseOffset(cursor: Cursor): Limit | null {
  const { at } = cursor
  const offset = cursor.takeWord('OFFSET') ? cursor.aliased() : null
  const hasRows = offset === null || cursor.takeWord('ROWS') || cursor.takeWord('ROW')
  if (!hasRows || !cursor.takeWord('FETCH')) {
    return offset === null ? null : { limit: null, offset, withTies: false, at, end: cursor.end }
  }
  if (!cursor.takeWord('FIRST')) cursor.expectWord('NEXT')
  const limit = cursor.aliased()
  if (!cursor.takeWord('ROWS')) cursor.expectWord('ROW')
  const withTies = cursor.takeWords('WITH', 'TIES')
  if (!withTies) cursor.expectWord('ONLY')
  return { limit, offset, withTies, at, end: cursor.end }
}

// ------------------------------------------------------------------------------------ SETTINGS

/** `name = value, ...` behind SETTINGS. */
export function parseSettings(cursor: Cursor): Setting[] {
  return cursor.list((): Setting => {
    const { at } = cursor
    let name = cursor.expectName("a setting's name")
    while (cursor.takeMark('.')) name += `.${cursor.expectName("a setting's name")}`
    if (!cursor.takeMark('=')) {
      return { name, value: boolOf(true, cursor.spanFrom(at)), at, end: cursor.end }
    }
    const value = cursor.takeWord('DEFAULT') ? null : parseSettingValue(cursor)
    return { name, value, at, end: cursor.end }
  })
}

/** A literal, a query parameter, or a map such as `{'table': 'a = 1'}`. */
function parseSettingValue(cursor: Cursor): Expression {
  const { at } = cursor
  if (cursor.isMark('{') && (cursor.kindAt(1) === STRING || cursor.isMark('}', 1))) {
    cursor.index++
    const pairs = cursor.isMark('}') ? [] : cursor.list(() => {
      if (cursor.kind !== STRING) cursor.fail('a key as a string')
      const key = parseString(cursor)
      cursor.expectMark(':')
      return [key, parseSettingValue(cursor)]
    })
    cursor.expectMark('}', 'after the map')
    return operatorOf('map', pairs.flat(), cursor.spanFrom(at))
  }
  const value = cursor.kind === END ? null : cursor.expression(POWER_ATOM)
  const isValue = value?.kind === 'literal' || value?.kind === 'parameter'
  if (value === null || !isValue) return failValue(cursor, at)
  return value
}

function failValue(cursor: Cursor, at: number): never {
  const what = "a setting's value (a number, a string or DEFAULT)"
  if (cursor.kind === END || cursor.kind === NUMBER) cursor.fail(what)
  throw new SqlSyntaxError(`Expected ${what}.`, at, cursor.end, what)
}
