// Ranges of what a function makes of a column as ranges of the column: `toDate(t) >= '2024-05-01'` skips what
// `t` says it can. The functions are those that never order two values of the column otherwise than the column
// does; where a range begins is found by asking the function itself, in a few blocks of values.
//
//   values of t    .  .  .  .  .  .  |  .  .  .  .        the first that toDate puts at or beyond the bound
//   toDate         ------ below -----|--- at least it --
//
// Invariant: a range only ever widens. Clocks that are set back make local days and hours go back too, so for
// zones other than UTC a range is two days wider at each end; outside of `within` a function may begin anew.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { NumberVector } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import { findFunction } from '../../functions/registry.ts'
import type { TypedExpr } from '../../plan/plan.ts'
import { compileDirect } from './expression.ts'
import { perPlan } from '../runtime/per-plan.ts'
import type { Runtime } from '../runtime/runtime.ts'

type Ordered = number | bigint
export type Range = { readonly min: Ordered; readonly max: Ordered; readonly minOpen: boolean; readonly maxOpen: boolean }
type Ends = { readonly min: number; readonly max: number }

/** A function of one column, and values of it between which the function's order is the column's. */
type Monotone = {
  readonly column: number; readonly type: DataType; readonly within: Ends
  /** Values by which a range is widened. */
  readonly margin: number
}

const DAY = 86400
/** Beyond these days since 1970 weeks begin before the first day, or moments no longer fit. */
const DAYS: Ends = { min: 14, max: 49_000 }
/** Ticks of finer clocks are no exact doubles. */
const DIGITS_MAX = 6

/** Functions whose first argument they keep in order. */
const KEEPING = new Set([
  'toDate', 'toDate32', 'toDateTime', 'toDateTime64', 'toStartOfSecond', 'toStartOfMinute', 'toStartOfFiveMinutes',
  'toStartOfTenMinutes', 'toStartOfFifteenMinutes', 'toStartOfHour', 'toStartOfDay', 'toStartOfWeek', 'toStartOfMonth',
  'toStartOfQuarter', 'toStartOfYear', 'toStartOfISOYear', 'toStartOfInterval', 'toMonday', 'toLastDayOfMonth', 'timeSlot',
  'toYear', 'toISOYear', 'toYYYYMM', 'toYYYYMMDD', 'toYYYYMMDDhhmmss', 'toUnixTimestamp', 'toUnixTimestamp64Milli',
])
/** What a cast may make of a moment or a day. */
const CASTS = new Set(['Date', 'Date32', 'DateTime', 'DateTime64'])
/** Functions that read whole numbers as moments, and ticks of their second. */
const CLOCKS: Readonly<Record<string, number>> = {
  toDateTime: 1, fromUnixTimestamp: 1, fromUnixTimestamp64Second: 1, fromUnixTimestamp64Milli: 1e3, fromUnixTimestamp64Micro: 1e6,
}
const WIDTHS: Readonly<Record<string, number>> = { Int32: 2 ** 31 - 1, UInt32: 2 ** 32 - 1, Int64: 2 ** 53, UInt64: 2 ** 53 }

/** Whether a range of `expr` says something about a column. */
export const keepsOrder = (expr: TypedExpr): boolean => expr.kind === 'call' && monotoneOf(expr) !== null

/** The range of a column outside of which no row has `expr` in `range`; null: none is known. */
export function preimage(
  expr: TypedExpr, range: Range, runtime: Runtime,
): { readonly column: number; readonly within: Ends; readonly min: number; readonly max: number } | null {
  if (expr.kind !== 'call') return null
  const monotone = monotoneOf(expr)
  if (monotone === null) return null
  const known = rangesOf(expr)
  const key = `${typeof range.min} ${range.min} ${range.minOpen} ${typeof range.max} ${range.max} ${range.maxOpen}`
  let ends = known.get(key)
  if (ends === undefined) {
    if (known.size >= RANGES_MAX) known.clear()
    known.set(key, ends = endsOf(expr, monotone, range, runtime))
  }
  const { column, within } = monotone
  return ends === null ? null : { column, within, ...ends }
}

/** Ranges that are remembered by function: bounds hardly change from call to call. */
const RANGES_MAX = 64
const rangesOf = perPlan((_expr: TypedExpr) => new Map<string, Ends | null>())

function endsOf(expr: TypedExpr, { column, type, within, margin }: Monotone, range: Range, runtime: Runtime): Ends | null {
  const evaluate = compileDirect(expr, runtime)
  const valuesOf = (points: readonly number[]): NumberArray | null => {
    const result = evaluate({ rowCount: points.length, columns: columnOf(column, type, points, runtime) })
    return result.kind === 'number' && !result.isConst && result.nulls === null ? result.values : null
  }
  const { min, max, minOpen, maxOpen } = range
  const first = min === Number.NEGATIVE_INFINITY ? within.min
    : firstWhere((value) => (minOpen ? value > min : value >= min), within, margin, valuesOf)
  const beyond = max === Number.POSITIVE_INFINITY ? within.max + 1
    : firstWhere((value) => (maxOpen ? value >= max : value > max), within, margin, valuesOf)
  return first === null || beyond === null ? null : { min: first - margin, max: beyond - 1 + margin }
}

/** Points that are asked at once. */
const POINTS = 128

/** The first number within the ends of whose value `isBeyond` is true, as of all after it; one more than the
 * last where there is none; null: the values are no plain numbers, or do not rise (a period may begin before
 * the first day that its type holds). Numbers nearer to each other than `margin` may have values that fall. */
function firstWhere(
  isBeyond: (value: number) => boolean, { min, max }: Ends, margin: number,
  valuesOf: (points: readonly number[]) => NumberArray | null,
): number | null {
  // Everything below `low` is before, everything from `high` on beyond.
  let [low, high] = [min, max + 1]
  while (low < high) {
    const step = Math.max(1, Math.ceil((high - low) / POINTS))
    const points: number[] = []
    for (let at = low; at < high; at += step) points.push(at)
    const values = valuesOf(points)
    if (values === null || (step > margin && values.some((value, i) => i > 0 && value < values[i - 1]))) return null
    let before = 0
    while (before < points.length && !isBeyond(values[before])) before++
    if (before < points.length) high = points[before]
    low = before === 0 ? high : points[before - 1] + 1
  }
  return low
}

/** `points` as column number `column` of a block. */
function columnOf(column: number, type: DataType, points: readonly number[], { scratch }: Runtime): NumberVector[] {
  const { account } = scratch
  const { id } = bareType(type)
  const values = id === 'Date' ? account.u16(points.length) : id === 'Date32' || id === 'Int32' ? account.i32(points.length)
    : id === 'DateTime' || id === 'UInt32' ? account.u32(points.length) : account.f64(points.length)
  values.set(points)
  const columns: NumberVector[] = []
  columns[column] = { kind: 'number', type, length: points.length, isConst: false, nulls: null, values }
  return columns
}

const monotoneOf = perPlan((expr: TypedExpr & { kind: 'call' }): Monotone | null => {
  const name = findFunction(expr.name)?.name ?? expr.name
  const at = name === 'dateTrunc' ? 1 : 0
  const others = expr.args.filter((_, i) => i !== at)
  // Further texts are names of zones, but for the type of a cast and the unit of dateTrunc.
  const zones = name.endsWith('CAST') ? [] : others.slice(at)
  const isKeeping = at === 1 || KEEPING.has(name) || (/^_?CAST$/.test(name) && CASTS.has(bareType(parseDataType(expr.type)).id))
  const inner = expr.args[at] as TypedExpr | undefined
  if (inner === undefined || !(isKeeping || name in CLOCKS) || !others.every(isFixed)) return null
  const below = inner.kind === 'column' ? baseOf(inner, name) : inner.kind === 'call' && isKeeping ? monotoneOf(inner) : null
  if (below === null) return null
  const isZoned = zoneIsNamed(expr.type) || zones.some(({ type }) => type === 'String')
  return isZoned ? { ...below, margin: 2 * DAY * ticksOf(below) } : below
})

/** Ticks of a second, or of a day the day itself. */
const ticksOf = ({ within }: Monotone): number => within.min / DAYS.min / DAY

/** The column that a function `name` is asked of. */
function baseOf({ index, type: text }: TypedExpr & { kind: 'column' }, name: string): Monotone | null {
  const type = parseDataType(text)
  if (type.id === 'LowCardinality') return null
  const { id, precision } = bareType(type)
  const ticks = id === 'Date' || id === 'Date32' ? 1 / DAY : id === 'DateTime' ? 1
    : id === 'DateTime64' && precision <= DIGITS_MAX ? 10 ** precision : id in WIDTHS ? CLOCKS[name] : undefined
  if (ticks === undefined) return null
  const within = { min: DAYS.min * DAY * ticks, max: Math.min(DAYS.max * DAY * ticks, WIDTHS[id] ?? Number.MAX_SAFE_INTEGER) }
  return { column: index, type, within, margin: zoneIsNamed(text) ? 2 * DAY * ticks : 0 }
}

function zoneIsNamed(type: string): boolean {
  const { zone } = bareType(parseDataType(type))
  return zone !== null && zone !== 'UTC'
}

/** The same in every call of the plan. */
const isFixed = (expr: TypedExpr): boolean => expr.kind === 'literal' ? expr.slot < 0
  : expr.kind === 'call' && findFunction(expr.name)?.isVolatile !== true && expr.args.every(isFixed)
