// Windows: what stands in OVER (...) and after WINDOW name AS, and the list of ORDER BY that they
// share with queries.
import type {
  Expression, FrameBound, OrderItem, WindowDefinition, WindowFrame, WithFill,
} from './ast.ts'
import type { Cursor } from './cursor.ts'
import { STRING } from './lex.ts'
import { parseString } from './parse-string.ts'

/** `([base] [PARTITION BY ...] [ORDER BY ...] [frame])`. */
export function parseWindow(cursor: Cursor): WindowDefinition {
  const { at } = cursor
  cursor.expectMark('(')
  const isBase = cursor.isName() && !cursor.isWords('PARTITION', 'BY') &&
    !cursor.isWords('ORDER', 'BY') && frameUnit(cursor) === null
  const base = isBase ? cursor.expectName("a window's name") : null
  const partitionBy = cursor.takeWords('PARTITION', 'BY')
    ? cursor.list(() => cursor.aliased()) : []
  const orderBy = cursor.takeWords('ORDER', 'BY') ? cursor.list(() => parseOrderItem(cursor)) : []
  const frame = parseFrame(cursor)
  cursor.expectMark(')', 'after the window')
  return { base, partitionBy, orderBy, frame, at, end: cursor.end }
}

const FRAME_STARTS = ['BETWEEN', 'UNBOUNDED', 'CURRENT']

function frameUnit(cursor: Cursor): WindowFrame['unit'] | null {
  const word = cursor.wordAt(0)
  if (word !== 'ROWS' && word !== 'RANGE' && word !== 'GROUPS') return null
  // A window may be named so: `OVER (rows ORDER BY a)`.
  const next = cursor.wordAt(1)
  if (cursor.isMark(')', 1) || next === 'PARTITION' || next === 'ORDER') return null
  if (word === 'GROUPS' && next !== '' && !FRAME_STARTS.includes(next)) return null
  return word.toLowerCase() as WindowFrame['unit']
}

function parseFrame(cursor: Cursor): WindowFrame | null {
  const unit = frameUnit(cursor)
  if (unit === null) return null
  const { at } = cursor
  cursor.index++
  if (cursor.takeWord('BETWEEN')) {
    const start = parseBound(cursor, 'preceding')
    cursor.expectWord('AND')
    const finish = parseBound(cursor, 'following')
    return { unit, start, finish, at, end: cursor.end }
  }
  const start = parseBound(cursor, 'preceding')
  const here = { at: cursor.end, end: cursor.end }
  const finish: FrameBound = { kind: 'current', direction: 'following', offset: null, ...here }
  return { unit, start, finish, at, end: cursor.end }
}

/** `CURRENT ROW`, `UNBOUNDED PRECEDING`, `expr FOLLOWING`. */
function parseBound(cursor: Cursor, currentDirection: FrameBound['direction']): FrameBound {
  const { at } = cursor
  if (cursor.takeWords('CURRENT', 'ROW')) {
    return { kind: 'current', direction: currentDirection, offset: null, at, end: cursor.end }
  }
  const isUnbounded = cursor.takeWord('UNBOUNDED')
  const offset = isUnbounded ? null : cursor.expression()
  const isFollowing = cursor.takeWord('FOLLOWING')
  if (!isFollowing && !cursor.takeWord('PRECEDING')) {
    cursor.fail('PRECEDING or FOLLOWING', ['PRECEDING', 'FOLLOWING'])
  }
  const direction = isFollowing ? 'following' : 'preceding'
  const kind = isUnbounded ? 'unbounded' : 'offset'
  return { kind, direction, offset, at, end: cursor.end }
}

/** `expr [ASC|DESC] [NULLS FIRST|LAST] [COLLATE 'xx'] [WITH FILL ...]`. */
export function parseOrderItem(cursor: Cursor): OrderItem {
  const { at } = cursor
  const expr = cursor.aliased()
  return { expr, ...parseDirection(cursor), ...parseCollateAndFill(cursor), at, end: cursor.end }
}

/** `[ASC|DESC] [NULLS FIRST|LAST]`. */
export function parseDirection(cursor: Cursor): Pick<OrderItem, 'descending' | 'nulls'> {
  const descending = cursor.takeWord('DESC') || cursor.takeWord('DESCENDING')
  if (!descending && !cursor.takeWord('ASC')) cursor.takeWord('ASCENDING')
  if (!cursor.takeWord('NULLS')) return { descending, nulls: null }
  if (cursor.takeWord('FIRST')) return { descending, nulls: 'first' }
  if (cursor.takeWord('LAST')) return { descending, nulls: 'last' }
  return cursor.fail('FIRST or LAST', ['FIRST', 'LAST'])
}

function parseCollateAndFill(cursor: Cursor): Pick<OrderItem, 'collate' | 'fill'> {
  let collate: OrderItem['collate'] = null
  if (cursor.takeWord('COLLATE')) {
    if (cursor.kind !== STRING) cursor.fail("a collation such as 'en'")
    collate = parseString(cursor)
  }
  const { at } = cursor
  if (!cursor.takeWords('WITH', 'FILL')) return { collate, fill: null }
  const from = fillPart(cursor, 'FROM')
  const to = fillPart(cursor, 'TO')
  const step = fillPart(cursor, 'STEP')
  const staleness = fillPart(cursor, 'STALENESS')
  const fill: WithFill = { from, to, step, staleness, at, end: cursor.end }
  return { collate, fill }
}

function fillPart(cursor: Cursor, word: string): Expression | null {
  return cursor.takeWord(word) ? cursor.expression() : null
}
