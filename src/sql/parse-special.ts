// SQL's spellings that are no plain calls, turned into the functions that ClickHouse's parser makes
// of them: CAST, EXTRACT, SUBSTRING FROM, POSITION IN, TRIM, OVERLAY, DATE_ADD, DATE_DIFF.
// Invariant: each rule leaves the cursor where it stood if its special form is not there, so that the
// name is then an ordinary function's.
import type { Cast, Expression, IntervalUnit, Span } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { STRING } from './lex.ts'
import { callOf, intervalOf, numberOf, stringOf } from './nodes.ts'
import { POWER_COMPARE } from './operators.ts'
import { parseType } from './parse-type.ts'
import { INTERVAL_UNITS } from './words.ts'

type Rule = (cursor: Cursor, name: string, at: number) => Expression | null

const addsInterval = (cursor: Cursor, _name: string, at: number): Expression =>
  parseDateMath(cursor, 'plus', at)
const takesInterval = (cursor: Cursor, _name: string, at: number): Expression =>
  parseDateMath(cursor, 'minus', at)
const renamed = (name: string): Rule => (cursor, _name, at) => finishCall(cursor, name, [], at)

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['CAST', parseCast],
  ['EXTRACT', parseExtract],
  ['SUBSTRING', parseSubstring],
  ['POSITION', parsePosition],
  ['TRIM', parseTrim],
  ['LTRIM', renamed('trimLeft')],
  ['RTRIM', renamed('trimRight')],
  ['OVERLAY', parseOverlay],
  ['DATE_ADD', addsInterval], ['DATEADD', addsInterval],
  ['TIMESTAMP_ADD', addsInterval], ['TIMESTAMPADD', addsInterval],
  ['DATE_SUB', takesInterval], ['DATESUB', takesInterval],
  ['TIMESTAMP_SUB', takesInterval], ['TIMESTAMPSUB', takesInterval],
  ['DATE_DIFF', parseDateDiff], ['DATEDIFF', parseDateDiff],
  ['TIMESTAMP_DIFF', parseDateDiff], ['TIMESTAMPDIFF', parseDateDiff],
])

/** The call of `name` in a special form; null if it is an ordinary call. */
export function parseSpecialCall(cursor: Cursor, name: string, at: number): Expression | null {
  const rule = RULES.get(name.toUpperCase())
  if (rule === undefined) return null
  const start = cursor.index
  const result = rule(cursor, name, at)
  if (result === null) cursor.index = start
  return result
}

/** The rest of the arguments behind `args`, and the parenthesis; `(` is taken if there are none. */
function finishCall(
  cursor: Cursor, name: string, args: readonly Expression[], at: number,
): Expression {
  const all = [...args]
  if (args.length === 0) {
    cursor.expectMark('(')
    if (!cursor.isMark(')')) all.push(cursor.aliased())
  }
  while (cursor.takeMark(',')) all.push(cursor.aliased())
  cursor.expectMark(')', `or a comma in the arguments of ${name}`)
  return callOf(name, all, cursor.spanFrom(at))
}

/** `CAST(x AS Type)`, `CAST(x, 'Type')`; with another second argument a call of CAST. */
function parseCast(cursor: Cursor, _name: string, at: number): Expression {
  cursor.expectMark('(')
  let expr = cursor.expression()
  if (cursor.isWord('AS') && cursor.isName(1)) {
    // `CAST(x AS y, 'Type')` and `CAST(x AS y AS Type)`: the first AS gives an alias.
    const isAlias = cursor.isMark(',', 2) || cursor.isWord('AS', 2)
    if (isAlias) {
      cursor.index++
      const alias = cursor.expectName('a name')
      expr = { ...expr, alias, end: cursor.end }
    }
  }
  if (cursor.takeWord('AS')) {
    const typeAt = cursor.at
    const type = parseType(cursor)
    cursor.expectMark(')', 'after the type')
    return { kind: 'cast', expr, type, typeAt, form: 'as', at, end: cursor.end }
  }
  if (!cursor.takeMark(',')) cursor.fail('AS or a comma, and a data type', ['AS'])
  const typeAt = cursor.at
  const second = cursor.aliased()
  cursor.expectMark(')', 'after the type')
  const span = cursor.spanFrom(at)
  const isPlain = second.kind === 'literal' && second.type === 'string' && second.slot === undefined
  if (!isPlain) return callOf('CAST', [expr, second], span)
  const cast: Cast = { kind: 'cast', expr, type: second.value, typeAt, form: 'call', ...span }
  return cast
}

type Extract = (x: Expression, span: Span) => Expression

const calls = (name: string): Extract => (x, span) => callOf(name, [x], span)

/** The first year of the period counts as one: the 20th century began in 1901. */
const periods = (years: string): Extract => (x, span) => {
  const year = callOf('__toYearCalendarOnly', [x], span)
  const one = numberOf('1', span)
  const before = callOf('minus', [year, one], span)
  return callOf('plus', [callOf('intDiv', [before, numberOf(years, span)], span), one], span)
}

const EXTRACTS_BY_UNIT: Readonly<Record<IntervalUnit, Extract>> = {
  NANOSECOND: calls('toNanosecond'), MICROSECOND: calls('toMicrosecond'),
  MILLISECOND: calls('toMillisecond'), SECOND: calls('toSecond'), MINUTE: calls('toMinute'),
  HOUR: calls('toHour'), DAY: calls('toDayOfMonth'), WEEK: calls('toISOWeek'),
  MONTH: calls('toMonth'), QUARTER: calls('toQuarter'), YEAR: calls('toYear'),
}

const EXTRACTS_BY_WORD: ReadonlyMap<string, Extract> = new Map<string, Extract>([
  ['EPOCH', calls('toUnixTimestamp')],
  ['DOW', (x, span) => callOf('toDayOfWeek', [x, numberOf('2', span)], span)],
  ['ISODOW', calls('toDayOfWeek')],
  ['DOY', calls('toDayOfYear')],
  ['ISOYEAR', calls('toISOYear')],
  ['DECADE', (x, span) => callOf(
    'intDiv', [callOf('__toYearCalendarOnly', [x], span), numberOf('10', span)], span,
  )],
  ['CENTURY', periods('100')],
  ['MILLENNIUM', periods('1000')],
])

/** `EXTRACT(DAY FROM x)`. */
function parseExtract(cursor: Cursor, _name: string, at: number): Expression | null {
  const word = cursor.wordAt(1)
  const unit = INTERVAL_UNITS.get(word)
  const extract = unit === undefined ? EXTRACTS_BY_WORD.get(word) : EXTRACTS_BY_UNIT[unit]
  if (extract === undefined || !cursor.isWord('FROM', 2)) return null
  cursor.index += 3
  const x = cursor.aliased()
  cursor.expectMark(')', 'after EXTRACT')
  return extract(x, cursor.spanFrom(at))
}

/** `SUBSTRING(s FROM start [FOR length])`; commas may stand in place of both words. */
function parseSubstring(cursor: Cursor, _name: string, at: number): Expression | null {
  cursor.expectMark('(')
  if (cursor.isMark(')')) return null
  const args = [cursor.aliased()]
  for (const word of ['FROM', 'FOR']) {
    if (!cursor.takeWord(word) && !cursor.takeMark(',')) break
    args.push(cursor.aliased())
  }
  return finishCall(cursor, 'substring', args, at)
}

/** `POSITION(needle IN haystack)` is position(haystack, needle). */
function parsePosition(cursor: Cursor, _name: string, at: number): Expression | null {
  cursor.expectMark('(')
  if (cursor.isMark(')')) return null
  const needle = cursor.expression(POWER_COMPARE + 1)
  if (!cursor.takeWord('IN')) return null
  const haystack = cursor.aliased()
  return finishCall(cursor, 'position', [haystack, needle], at)
}

/** `TRIM(BOTH|LEADING|TRAILING chars FROM s)`, `TRIM(s)`. */
function parseTrim(cursor: Cursor, _name: string, at: number): Expression {
  const side = cursor.wordAt(1)
  const name = side === 'LEADING' ? 'trimLeft' : side === 'TRAILING' ? 'trimRight' : 'trimBoth'
  const isSided = side === 'BOTH' || name !== 'trimBoth'
  const isName = cursor.isMark(')', 2) || cursor.isMark(',', 2)
  if (!isSided || isName) return finishCall(cursor, 'trimBoth', [], at)
  cursor.index += 2
  const chars = cursor.expression()
  cursor.expectWord('FROM')
  const text = cursor.aliased()
  cursor.expectMark(')', 'after TRIM')
  return callOf(name, [text, chars], cursor.spanFrom(at))
}

/** `OVERLAY(s PLACING r FROM start [FOR length])`. */
function parseOverlay(cursor: Cursor, name: string, at: number): Expression | null {
  cursor.expectMark('(')
  if (cursor.isMark(')')) return null
  const args = [cursor.aliased()]
  if (!cursor.takeWord('PLACING')) return finishCall(cursor, name.toLowerCase(), args, at)
  args.push(cursor.aliased())
  cursor.expectWord('FROM')
  args.push(cursor.aliased())
  if (cursor.takeWord('FOR')) args.push(cursor.aliased())
  return finishCall(cursor, name.toLowerCase(), args, at)
}

/** `DATE_ADD(DAY, n, x)` is plus(x, INTERVAL n DAY); `DATE_ADD(x, INTERVAL n DAY)` is plus(x, ...). */
function parseDateMath(cursor: Cursor, name: 'plus' | 'minus', at: number): Expression {
  const unitAt = cursor.tokens.starts[cursor.index + 1]
  const unit = INTERVAL_UNITS.get(cursor.wordAt(1))
  if (unit === undefined || !cursor.isMark(',', 2)) return finishCall(cursor, name, [], at)
  cursor.index += 3
  const amount = cursor.aliased()
  const interval = intervalOf(amount, unit, cursor.spanFrom(unitAt))
  cursor.expectMark(',')
  const date = cursor.aliased()
  cursor.expectMark(')', 'after the date')
  return callOf(name, [date, interval], cursor.spanFrom(at))
}

/** `DATE_DIFF(DAY, a, b)` is dateDiff('day', a, b). */
function parseDateDiff(cursor: Cursor, _name: string, at: number): Expression {
  const unitAt = cursor.tokens.starts[cursor.index + 1]
  const unit = INTERVAL_UNITS.get(cursor.wordAt(1))
  const isUnit = unit !== undefined && cursor.kindAt(1) !== STRING && cursor.isMark(',', 2)
  if (!isUnit) return finishCall(cursor, 'dateDiff', [], at)
  cursor.index += 2
  return finishCall(cursor, 'dateDiff', [stringOf(unit.toLowerCase(), cursor.spanFrom(unitAt))], at)
}
