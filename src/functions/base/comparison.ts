// Comparisons: = != < > <= >=. Numbers in generated loops, strings by code where their dictionaries
// allow it and else by bytes, dates with the text of a constant read as a date.
// Invariant: a code comparison never looks at bytes; NaN is unequal to everything.

import { FLOAT64, INT64, STRING, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, CodesVector, Vector } from '../../../storage/column/vector.ts'
import { isLarge } from '../../../storage/column/large.ts'
import { castVector } from '../values/cast.ts'
import { bigReader, define, likeSource, numberReader } from './define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { runBinary } from '../values/loops.ts'
import { decimalOf, isClock, isEnum, isNumber, isString, isTemporal, leastSupertype } from '../values/types.ts'
import { compareUuids, isUuid } from '../values/uuid-order.ts'
import { asBytes, numberVector, slotOf } from '../values/vectors.ts'

type Comparison = {
  readonly name: string
  readonly expression: string
  /** Whether the order of two values (-1, 0, 1) passes. */
  readonly passes: readonly [boolean, boolean, boolean]
}

const COMPARISONS: readonly Comparison[] = [
  { name: 'equals', expression: 'x === y ? 1 : 0', passes: [false, true, false] },
  { name: 'notEquals', expression: 'x !== y ? 1 : 0', passes: [true, false, true] },
  { name: 'less', expression: 'x < y ? 1 : 0', passes: [true, false, false] },
  { name: 'greater', expression: 'x > y ? 1 : 0', passes: [false, false, true] },
  { name: 'lessOrEquals', expression: 'x <= y ? 1 : 0', passes: [true, true, false] },
  { name: 'greaterOrEquals', expression: 'x >= y ? 1 : 0', passes: [false, true, true] },
]

/** The type both sides are read as. Throws FunctionError when they cannot meet. */
export function comparedType(name: string, a: DataType, b: DataType): DataType {
  if (a === b) return a
  if (isString(a) && isString(b)) return STRING
  // Texts of rows may name no value of the Enum: the names are compared.
  if ((isString(a) && isEnum(b)) || (isString(b) && isEnum(a))) return STRING
  if (isString(a) && isComparedAsText(b)) return b
  if (isString(b) && isComparedAsText(a)) return a
  if (isNumber(a) && isNumber(b)) return wideEnough(a, b)
  if (isNumber(b)) return besideNumber(name, a, b) ?? common(name, a, b)
  if (isNumber(a)) return besideNumber(name, b, a) ?? common(name, a, b)
  if (a.id === 'Interval' && b.id === 'Interval') return leastSupertype([a, b])
  const ids = new Set([a.id, b.id])
  if (ids.has('IPv4') && ids.has('IPv6')) return a.id === 'IPv6' ? a : b
  if (ids.has('Decimal') && (ids.has('DateTime64') || ids.has('Time64'))) return FLOAT64
  if (ids.has('Time') && (isEnum(a) || isEnum(b) || ids.has('Interval'))) return INT64
  return common(name, a, b)
}

/** How a value of `type` is read where it meets numbers; null: as their common type says. */
function besideNumber(name: string, type: DataType, number: DataType): DataType | null {
  const isWhole = !number.id.startsWith('Float')
  if (type.id === 'Date' || type.id === 'Date32') {
    throw new FunctionError(`Cannot compare ${type.name} with ${number.name} (function ${name}): convert `
      + 'one of them', 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  if (type.id === 'DateTime64' || isClock(type)) return FLOAT64
  if (isEnum(type) || type.id === 'DateTime' || type.id === 'IPv4') {
    return !isWhole || isLarge(number) || number.id.endsWith('64') || number.id.endsWith('32')
      ? number : INT64
  }
  // Their digits are more than a Decimal of both has: compared by as many as there are.
  if (type.id === 'Decimal' && number.id.endsWith('256')) return decimalOf(76, type.scale)
  return null
}

function common(name: string, a: DataType, b: DataType): DataType {
  try {
    return leastSupertype([a, b])
  } catch {
    throw new FunctionError(`Cannot compare ${a.name} with ${b.name} (function ${name}): convert one `
      + 'of them', 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
}

/** Numbers of both types compare as they lie; which name the pair has does not matter. */
const wideEnough = (a: DataType, b: DataType): DataType => (a.id === 'Float64' ? a : b)

/** Types that text is read as when it meets them. */
function isComparedAsText(type: DataType): boolean {
  return isTemporal(type) || isClock(type) || isEnum(type) || ['UUID', 'IPv4', 'IPv6', 'Array', 'Tuple', 'Map', 'Bool',
    'Decimal'].includes(type.id) || isNumber(type)
}

function comparisonType(name: string, args: readonly ArgInfo[]): DataType {
  const [a, b] = args.map((arg) => arg.type)
  const text = isString(a) ? args[0] : isString(b) ? args[1] : null
  const other = isString(a) ? b : a
  if (text !== null && ((isNumber(other) && other.id !== 'Bool') || isClock(other)) && text.value === undefined) {
    throw new FunctionError(`Cannot compare ${a.name} with ${b.name} (function ${name}): convert one `
      + 'with toString or toInt64', 'NO_COMMON_TYPE')
  }
  comparedType(name, a, b)
  return UINT8
}

/** Puts 1 into out[row] where the comparison holds. */
function compareRows(
  comparison: Comparison, a: Vector, b: Vector, rowCount: number, out: Uint8Array,
  context: EvalContext,
): void {
  const type = comparedType(comparison.name, a.type, b.type)
  const isPlain = isNumber(a.type) && isNumber(b.type)
  // Strings lie as they are compared; a FixedString without its padding beside any other.
  const isText = isString(a.type) && isString(b.type) && (a.type === b.type || !isFixed(a.type, b.type))
  const x = isPlain || isText ? a : castVector(a, type, context)
  const y = isPlain || isText ? b : castVector(b, type, context)
  if (x.kind === 'number' && y.kind === 'number') {
    runBinary(comparison.expression, x.values, x.isConst, y.values, y.isConst, out, rowCount)
  } else if ((x.kind === 'number' || x.kind === 'big') && (y.kind === 'number' || y.kind === 'big')) {
    compareWide(comparison, x, y, rowCount, out)
  } else if (x.type !== y.type && (isLarge(x.type) || isLarge(y.type))) {
    compareWide(comparison, x, y, rowCount, out)
  } else if (x.kind === 'codes' || x.kind === 'bytes') {
    compareStrings(comparison, x, y as CodesVector | BytesVector, rowCount, out, context)
  } else {
    for (let row = 0; row < rowCount; row++) {
      out[row] = comparison.passes[compareAt(x, row, y, row) + 1] ? 1 : 0
    }
  }
}

const isFixed = (a: DataType, b: DataType): boolean => a.id === 'FixedString' || b.id === 'FixedString'

function compareWide(comparison: Comparison, x: Vector, y: Vector, rowCount: number, out: Uint8Array): void {
  if (x.type.id.startsWith('Float') || y.type.id.startsWith('Float')) {
    compareExactly(comparison, x, y, rowCount, out)
    return
  }
  const left = bigReader(x)
  const right = bigReader(y)
  for (let row = 0; row < rowCount; row++) {
    const a = left(row)
    const b = right(row)
    out[row] = comparison.passes[a < b ? 0 : a === b ? 1 : 2] ? 1 : 0
  }
}

/** Integers beyond 2^53 beside floats, by what both are: as doubles neighbours would be equal. */
function compareExactly(comparison: Comparison, x: Vector, y: Vector, rowCount: number, out: Uint8Array): void {
  const [left, right] = [x, y].map((side) => (side.type.id.startsWith('Float') ? numberReader(side) : bigReader(side)))
  for (let row = 0; row < rowCount; row++) {
    const [a, b] = [left(row), right(row)]
    const areNumbers = !Number.isNaN(a) && !Number.isNaN(b)
    out[row] = (areNumbers ? comparison.passes[a < b ? 0 : a > b ? 2 : 1] : comparison.name === 'notEquals') ? 1 : 0
  }
}

function compareStrings(
  comparison: Comparison, x: CodesVector | BytesVector, y: CodesVector | BytesVector,
  rowCount: number, out: Uint8Array, context: EvalContext,
): void {
  const isEquality = comparison.name === 'equals' || comparison.name === 'notEquals'
  if (isEquality && x.kind === 'codes' && y.kind === 'codes' && x.dictionary.id === y.dictionary.id) {
    runBinary(comparison.expression, x.codes, x.isConst, y.codes, y.isConst, out, rowCount)
    return
  }
  if (isEquality && x.kind === 'codes' && y.isConst) {
    compareCode(comparison, x, asBytes(y, context.account), rowCount, out)
    return
  }
  if (isEquality && y.kind === 'codes' && x.isConst) {
    compareCode(comparison, y, asBytes(x, context.account), rowCount, out)
    return
  }
  const a = asBytes(x, context.account)
  const b = asBytes(y, context.account)
  if (isEquality) {
    equalBytes(a, b, rowCount, comparison.passes[1] ? 1 : 0, out)
  } else {
    orderBytes(a, b, rowCount, comparison.passes, out)
  }
}

function compareCode(
  comparison: Comparison, vector: CodesVector, text: BytesVector, rowCount: number, out: Uint8Array,
): void {
  const code = vector.dictionary.find(text.bytes.subarray(text.offsets[0], text.offsets[1]))
  if (code < 0) {
    out.fill(comparison.passes[1] ? 0 : 1, 0, rowCount)
    return
  }
  runBinary(comparison.expression, vector.codes, vector.isConst, Uint32Array.of(code), true, out,
    rowCount)
}

function equalBytes(
  a: BytesVector, b: BytesVector, rowCount: number, whenEqual: number, out: Uint8Array): void {
  const aStep = a.isConst ? 0 : 1
  const bStep = b.isConst ? 0 : 1
  const x = a.bytes
  const y = b.bytes
  for (let row = 0; row < rowCount; row++) {
    let ax = a.offsets[row * aStep]
    const ae = a.offsets[row * aStep + 1]
    let bx = b.offsets[row * bStep]
    const be = b.offsets[row * bStep + 1]
    let isEqual = ae - ax === be - bx
    if (isEqual) {
      while (ax < ae && x[ax] === y[bx]) {
        ax++
        bx++
      }
      isEqual = ax === ae
    }
    out[row] = isEqual ? whenEqual : 1 - whenEqual
  }
}

function orderBytes(
  a: BytesVector, b: BytesVector, rowCount: number, passes: Comparison['passes'], out: Uint8Array,
): void {
  const isOfUuids = isUuid(a.type)
  for (let row = 0; row < rowCount; row++) {
    const i = a.isConst ? 0 : row
    const j = b.isConst ? 0 : row
    const order = isOfUuids ? uuidOrder(a.bytes, a.offsets[i], a.offsets[i + 1], b.bytes, b.offsets[j], b.offsets[j + 1])
      : compareBytes(a.bytes, a.offsets[i], a.offsets[i + 1], b.bytes, b.offsets[j], b.offsets[j + 1])
    out[row] = passes[order + 1] ? 1 : 0
  }
}

/** The place of a NULL may have no bytes. */
function uuidOrder(
  x: Uint8Array, xStart: number, xEnd: number, y: Uint8Array, yStart: number, yEnd: number): number {
  return xEnd === xStart || yEnd === yStart ? Math.sign(xEnd - xStart - (yEnd - yStart)) : compareUuids(x, xStart, y, yStart)
}

/** -1, 0 or 1: the order of two byte strings as unsigned bytes. */
export function compareBytes(
  x: Uint8Array, xStart: number, xEnd: number, y: Uint8Array, yStart: number, yEnd: number): number {
  let i = xStart
  let j = yStart
  while (i < xEnd && j < yEnd && x[i] === y[j]) {
    i++
    j++
  }
  if (i < xEnd && j < yEnd) return x[i] < y[j] ? -1 : 1
  return i < xEnd ? 1 : j < yEnd ? -1 : 0
}

/** The order of two values of one type: NaN after all numbers and NULL after all values (before with `nulls` -1),
 * element by element in arrays and tuples. */
export function compareAt(a: Vector, rowA: number, b: Vector, rowB: number, nulls = 1): number {
  const i = slotOf(a, rowA)
  const j = slotOf(b, rowB)
  const isNullA = a.nulls !== null && a.nulls[i] === 1
  const isNullB = b.nulls !== null && b.nulls[j] === 1
  if (isNullA || isNullB) return isNullA === isNullB ? 0 : isNullA ? nulls : -nulls
  if ((a.kind === 'number' || a.kind === 'big') && (b.kind === 'number' || b.kind === 'big')) {
    const x = a.values[i]
    const y = b.values[j]
    if (x < y) return -1
    if (x > y) return 1
    return Number.isNaN(x) === Number.isNaN(y) ? 0 : Number.isNaN(x) ? nulls : -nulls
  }
  if (a.kind === 'tuple' && b.kind === 'tuple') {
    for (let f = 0; f < a.fields.length; f++) {
      const order = compareAt(a.fields[f], i, b.fields[f], j, nulls)
      if (order !== 0) return order
    }
    return 0
  }
  if (a.kind === 'array' && b.kind === 'array') return compareArrays(a, i, b, j, nulls)
  if (a.kind === 'codes' && b.kind === 'codes' && a.dictionary.id === b.dictionary.id
    && a.codes[i] === b.codes[j]) return 0
  const x = stringAt(a, i)
  const y = stringAt(b, j)
  if (isUuid(a.type)) return uuidOrder(x, 0, x.length, y, 0, y.length)
  return compareBytes(x, 0, x.length, y, 0, y.length)
}

function compareArrays(
  a: Vector & { kind: 'array' }, i: number, b: Vector & { kind: 'array' }, j: number, nulls: number): number {
  const endA = a.offsets[i + 1]
  const endB = b.offsets[j + 1]
  let x = a.offsets[i]
  let y = b.offsets[j]
  for (; x < endA && y < endB; x++, y++) {
    const order = compareAt(a.values, x, b.values, y, nulls)
    if (order !== 0) return order
  }
  return x < endA ? 1 : y < endB ? -1 : 0
}

/** Bytes of a string's slot; a copy where the dictionary's view would not outlive the next call. */
function stringAt(vector: Vector, slot: number): Uint8Array {
  if (vector.kind === 'codes') return vector.dictionary.bytesOf(vector.codes[slot]).slice()
  if (vector.kind === 'bytes') {
    return vector.bytes.subarray(vector.offsets[slot], vector.offsets[slot + 1])
  }
  throw new Error(`functions: cannot order ${vector.type.name}`)
}

const comparisonDef = (comparison: Comparison): FunctionDef =>
  define(comparison.name, [2, 2], (args) => comparisonType(comparison.name, args),
    ([a, b], type, rowCount, context) => {
      const out = context.account.u8(rowCount)
      compareRows(comparison, a, b, rowCount, out, context)
      return numberVector(type, out)
    })

/** a IS NOT DISTINCT FROM b: NULL equals NULL. */
const isNotDistinct = define('isNotDistinctFrom', [2, 2], (args) => {
  const [own, other] = args[1].type.id === 'LowCardinality' ? [args[1], args[0]] : args
  return likeSource([own, other], UINT8)
},
  ([a, b], type, rowCount, context) => {
    const out = context.account.u8(rowCount)
    const common = leastSupertype([a.type, b.type])
    const x = castVector(a, common, context)
    const y = castVector(b, common, context)
    for (let row = 0; row < rowCount; row++) out[row] = compareAt(x, row, y, row) === 0 ? 1 : 0
    return numberVector(type, out)
  }, { nulls: 'own' })

const [equals, ...others] = COMPARISONS.map(comparisonDef)

/** For functions that compare inside: nullIf, CASE, has. */
export const EQUALS: FunctionDef = equals

export const COMPARISON: readonly FunctionDef[] = [equals, ...others, isNotDistinct]
