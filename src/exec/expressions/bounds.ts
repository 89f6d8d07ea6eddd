// What a condition says about single columns, for skipping: ranges of numbers and of texts for zone maps, sets of
// strings for dictionaries and postings besides. Everything here only ever widens: a block that is skipped
// holds no row for which the condition is true.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Zone } from '../../../storage/part/row-set.ts'
import { uuidBytes } from '../../functions/values/text.ts'
import { valueAt } from '../../functions/values/values.ts'
import type { TypedExpr } from '../../plan/plan.ts'
import type { Value } from '../../functions/values/value.ts'
import { convertValue } from '../../plan/values.ts'
import { bytesOfText } from '../../sql/raw-text.ts'
import { constantOf, isConstant } from './expression.ts'
import { perPlan } from '../runtime/per-plan.ts'
import { keepsOrder, preimage, type Range } from './preimages.ts'
import { literalValue, type Runtime } from '../runtime/runtime.ts'
import { likeBound, orderBound, prefixBound, stringBound, textsInZone, type StringBound, type TextBound } from './text-bounds.ts'

type Ordered = number | bigint

/** `column` in [min, max] (exclusive where said); `isExact`: the condition says just that. `within`: nothing is
 * said of values outside. */
export type RangeBound = Range & {
  readonly kind: 'range'; readonly column: number; readonly isExact: boolean
  readonly within: { readonly min: Ordered; readonly max: Ordered } | null
}
export type Bound = RangeBound | StringBound | TextBound

const INFINITY = Number.POSITIVE_INFINITY

const MIRRORED: Readonly<Record<string, string>> = {
  equals: 'equals', less: 'greater', greater: 'less', lessOrEquals: 'greaterOrEquals',
  greaterOrEquals: 'lessOrEquals',
}

/** What one conjunct says about a column; null: nothing of use. */
export function boundOf(expr: TypedExpr, runtime: Runtime): Bound | null {
  if (expr.kind === 'in') return inBound(expr, runtime)
  if (expr.kind !== 'call' || expr.args.length !== 2) return null
  if (expr.name === 'startsWith' || expr.name === 'like') return beginsBound(expr.name, expr.args[0], expr.args[1], runtime)
  if (!(expr.name in MIRRORED)) return null
  const [left, right] = expr.args
  if (isConstant(right)) return comparison(left, expr.name, right, runtime)
  return isConstant(left) ? comparison(right, MIRRORED[expr.name], left, runtime) : null
}

/** What `startsWith(column, pattern)` or `column LIKE pattern` says of the column. */
function beginsBound(name: string, column: TypedExpr, pattern: TypedExpr, runtime: Runtime): Bound | null {
  if (column.kind !== 'column' || bareType(parseDataType(column.type)).id !== 'String' || !isConstant(pattern)) return null
  const { value, from } = constantValue(pattern, runtime)
  if (typeof value !== 'string' || bareType(from).id !== 'String') return null
  const bytes = bytesOfText(value)
  return name === 'like' ? likeBound(column.index, bytes) : prefixBound(column.index, bytes, true)
}

function comparison(compared: TypedExpr, name: string, constant: TypedExpr, runtime: Runtime): Bound | null {
  if (compared.kind !== 'column' && !keepsOrder(compared)) return null
  const { value, from } = constantValue(constant, runtime)
  const type = bareType(parseDataType(compared.type))
  if (value === null) return null
  if (type.id === 'String') {
    if (compared.kind !== 'column' || typeof value !== 'string') return null
    // Zeros at the end of a FixedString count for nothing beside a String.
    if (bareType(from).id !== 'String') return null
    const bytes = bytesOfText(value)
    return name === 'equals' ? stringBound(compared.index, [bytes]) : orderBound(compared.index, name, bytes)
  }
  if (type.id === 'UUID') return name === 'equals' ? uuidsBound(compared, [value]) : null
  const at = comparable(value, bareType(from), type)
  if (at === null) return compared.kind === 'column' ? secondsBound(compared.index, name, value, bareType(from), type) : null
  const isExact = type.id !== 'Float64' && type.id !== 'Float32'
  const min = name === 'less' || name === 'lessOrEquals' ? -INFINITY : at
  const max = name === 'greater' || name === 'greaterOrEquals' ? INFINITY : at
  return rangeOf(compared, { min, max, minOpen: name === 'greater', maxOpen: name === 'less' }, isExact, runtime)
}

/** What an expression's range says about a column. */
function rangeOf(expr: TypedExpr, range: Range, isExact: boolean, runtime: Runtime): RangeBound | null {
  if (expr.kind === 'column') return { kind: 'range', column: expr.index, ...range, isExact, within: null }
  const found = preimage(expr, range, runtime)
  return found === null ? null : { kind: 'range', ...found, minOpen: false, maxOpen: false, isExact: false }
}

/** What seconds as a plain number say about a column of moments or times of day that counts parts of a second. They
 * are compared as doubles, so that what is next to a bound may be taken for it. */
function secondsBound(column: number, name: string, value: Value, from: DataType, to: DataType): RangeBound | null {
  if ((to.id !== 'DateTime64' && to.id !== 'Time64') || !/^U?Int(8|16|32|64)$/.test(from.id)) return null
  const at = BigInt(value as Ordered) * 10n ** BigInt(to.precision)
  const near = ((at < 0n ? -at : at) >> 52n) + 1n
  const min = name === 'less' || name === 'lessOrEquals' ? -INFINITY : at - near
  const max = name === 'greater' || name === 'greaterOrEquals' ? INFINITY : at + near
  return { kind: 'range', column, min, max, minOpen: false, maxOpen: false, isExact: false, within: null }
}

/** A constant with its type. */
function constantValue(constant: TypedExpr, runtime: Runtime): { value: Value; from: DataType } {
  if (constant.kind === 'literal') {
    // Texts are the same in a vector: most literals of a point query need none.
    const value = literalValue(constant, runtime.slots)
    if (typeof value === 'string' && constant.type === 'String') return { value, from: parseDataType('String') }
  }
  const vector = constantOf(constant, runtime)
  return { value: valueAt(vector, 0), from: vector.type }
}

const SECONDS = /^(UInt(8|16|32|64)|Int(8|16|64))$/
const PLAIN = /^U?Int(8|16|32|64)$|^Float(32|64)$|^Bool$/

/** A constant on the scale of a column's stored numbers; null: they are not compared as numbers. */
function comparable(value: Value, from: DataType, to: DataType): Ordered | null {
  if (typeof value === 'string') return fromText(value, to)
  const number = typeof value === 'boolean' ? Number(value) : value
  if (typeof number !== 'number' && typeof number !== 'bigint') return null
  if (Number.isNaN(number)) return null
  if (from === to || (PLAIN.test(from.id) && PLAIN.test(to.id))) return number
  // Whole seconds; beside Int32 a DateTime wraps around.
  if (to.id === 'DateTime' && SECONDS.test(from.id)) return number
  if (to.id === 'Time' && PLAIN.test(from.id)) return number
  return ofTimes(number, from, to)
}

const DAY = 86400n

/** A day or moment on the scale of a column of days or moments; null: one is neither, or the zone in which a day
 * begins is not UTC. */
function ofTimes(value: number | bigint, from: DataType, to: DataType): Ordered | null {
  const [per, scale] = [ticksOf(from), ticksOf(to)]
  if (per === null || scale === null) return null
  const areDays = [isDay(from), isDay(to)]
  const isUtc = [from, to].every(({ zone }) => zone === null || zone === 'UTC')
  if (areDays[0] !== areDays[1] && !isUtc) return null
  if (per === scale) return value
  const ticks = BigInt(value) * scale
  const rest = ((ticks % per) + per) % per
  const whole = (ticks - rest) / per
  if (rest === 0n) return narrowed(whole)
  // Any number between two whole ones compares with these alike.
  return Number.isSafeInteger(Number(whole)) ? Number(whole) + 0.5 : null
}

const isDay = ({ id }: DataType): boolean => id === 'Date' || id === 'Date32'

/** Stored numbers a day; null: neither a day nor a moment. */
const ticksOf = (type: DataType): bigint | null => (isDay(type) ? 1n : type.id === 'DateTime' ? DAY
  : type.id === 'DateTime64' ? DAY * 10n ** BigInt(type.precision) : null)

/** A bigint as number where exact. */
const narrowed = (value: Ordered): Ordered => (Number.isSafeInteger(Number(value)) ? Number(value) : value)

/** Texts of times that are remembered by type: bounds of a range hardly change from call to call. */
const TEXTS_MAX = 64
const timesOf = perPlan((_type: DataType) => new Map<string, Ordered | null>())

/** Times are compared with texts; what cannot be read is left to the comparison itself. */
function fromText(value: string, to: DataType): Ordered | null {
  if (!to.id.startsWith('Date')) return null
  const known = timesOf(to)
  let time = known.get(value)
  if (time === undefined) {
    if (known.size >= TEXTS_MAX) known.clear()
    known.set(value, time = timeOf(value, to))
  }
  return time
}

function timeOf(value: string, to: DataType): Ordered | null {
  try {
    const converted = convertValue(value, to)
    return typeof converted === 'number' || typeof converted === 'bigint' ? converted : null
  } catch {
    return null
  }
}

function inBound(expr: TypedExpr & { kind: 'in' }, runtime: Runtime): Bound | null {
  const [column] = expr.exprs
  if (expr.negated || expr.exprs.length !== 1 || (column.kind !== 'column' && !keepsOrder(column))) return null
  const { values } = runtime.setOf(expr.set)
  if (values === null) return null
  const type = bareType(parseDataType(column.type))
  if (type.id === 'String') {
    return column.kind !== 'column' ? null
      : stringBound(column.index, values.filter((v) => typeof v === 'string').map((v) => bytesOfText(v)))
  }
  if (type.id === 'UUID') return uuidsBound(column, values)
  const numbers = values.map((value) => comparable(value, type, type))
  if (numbers.length === 0 || numbers.includes(null)) return null
  let [min, max] = [numbers[0] as Ordered, numbers[0] as Ordered]
  for (const number of numbers as Ordered[]) {
    if (number < min) min = number
    if (number > max) max = number
  }
  return rangeOf(column, { min, max, minOpen: false, maxOpen: false }, false, runtime)
}

const UUID_TEXT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `column` is one of these UUIDs, as their stored bytes; null: some is no UUID as it is commonly written. */
function uuidsBound(column: TypedExpr, values: readonly Value[]): StringBound | null {
  if (column.kind !== 'column' || parseDataType(column.type).id === 'LowCardinality') return null
  const stored = values.map((value) => (typeof value === 'string' && UUID_TEXT.test(value) ? uuidBytes(value) : null))
    .filter((bytes) => bytes !== null)
  return stored.length < values.length ? null : stringBound(column.index, stored)
}

/** Whether rows of a zone can fulfil a bound: none, some, or surely all of them. */
export function inZone(bound: Bound, zone: Zone | null): 'none' | 'some' | 'all' {
  if (bound.kind !== 'range') return textsInZone(bound, zone)
  if (zone === null || typeof zone.min === 'object' || typeof zone.max === 'object') return 'some'
  const { min, max } = zone
  const { within } = bound
  if (within !== null && (min < within.min || max > within.max)) return 'some'
  if (max < bound.min || (bound.minOpen && max <= bound.min)) return 'none'
  if (min > bound.max || (bound.maxOpen && min >= bound.max)) return 'none'
  const isAll = bound.isExact && zone.nullCount === 0
    && (bound.minOpen ? min > bound.min : min >= bound.min)
    && (bound.maxOpen ? max < bound.max : max <= bound.max)
  return isAll ? 'all' : 'some'
}

/** The ends of a range in whole numbers. */
export const leastIn = ({ min, minOpen }: RangeBound): number =>
  (minOpen ? Math.floor(Number(min)) + 1 : Math.ceil(Number(min)))
export const mostIn = ({ max, maxOpen }: RangeBound): number =>
  (maxOpen ? Math.ceil(Number(max)) - 1 : Math.floor(Number(max)))
