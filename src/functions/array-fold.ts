// Folds, partial sorts and casts that must be exact: arrayFold, arrayPartialSort, accurateCast.
// Invariant: a fold takes the n-th elements of all rows at once, so the lambda is called once a place.

import { bareType, isNullable, nullableOf, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { NumberVector, Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { Value } from '../plan/plan.ts'
import { asArray, elementOf } from './arrays.ts'
import { castVector, type OnBadText } from './cast.ts'
import { compareAt } from './comparison.ts'
import { ANY_COUNT, badArgument, constantInfo, define } from './define.ts'
import { FunctionError, type ArgInfo, type FunctionDef, type EvalContext } from './function.ts'
import { noLambda } from './higher-order.ts'
import { isInteger, isNumber, isString, nullableIfPossible } from './types.ts'
import { typeDefault, valueAt, vectorOf } from './values.ts'
import { arrayVector, materialize, pick, take } from './vectors.ts'

const arrayFold = define('arrayFold', [3, ANY_COUNT], (args) => {
  const start = args[args.length - 1].type
  if (args[0].type === start) return start
  throw new FunctionError(`Return type of lambda function must be the same as the accumulator type. Inferred `
    + `return type: ${args[0].type.name}, inferred accumulator type: ${start.name}`, 'TYPE_MISMATCH')
}, (args, type, rowCount, context, lambda) => {
  if (lambda === null) throw noLambda('arrayFold')
  const { account } = context
  const lists = args.slice(0, -1).map((arg) => asArray(arg, rowCount, context))
  const sizeOf = (row: number): number => lists[0].offsets[row + 1] - lists[0].offsets[row]
  for (let row = 0; row < rowCount; row++) {
    if (lists.every((list) => list.offsets[row + 1] - list.offsets[row] === sizeOf(row))) continue
    throw new FunctionError('The arrays passed to arrayFold must have equal sizes', 'SIZES_OF_ARRAYS_DONT_MATCH')
  }
  let held = materialize({ ...args[args.length - 1], length: rowCount }, account)
  for (let place = 0; ; place++) {
    const rows = Uint32Array.from({ length: rowCount }, (_, row) => row).filter((row) => sizeOf(row) > place)
    if (rows.length === 0) return held
    const elements = lists.map((list) => take(list.values, rows.map((row) => list.offsets[row] + place), rows.length, account))
    const rowOf = account.u32(rows.length)
    rowOf.set(rows)
    const next = lambda([take(held, rows, rows.length, account), ...elements], rowOf, rows.length)
    const which = new Uint8Array(rowCount)
    const from = Uint32Array.from({ length: rowCount }, (_, row) => row)
    rows.forEach((row, i) => {
      which[row] = 1
      from[row] = i
    })
    held = pick([held, next], which, from, rowCount, type, account)
    context.checkAlive()
  }
}, {
  nulls: 'own',
  lambdaParameters: (args) => [args[args.length - 1].type,
    ...args.slice(0, -1).map((arg, i) => elementOf('arrayFold', i + 1, arg.type))],
})

/** The first `limit` elements in order, the others as they come: we sort all, which is one such order. */
const partialSort = (name: string, direction: number): FunctionDef => define(name, [2, ANY_COUNT], (args) => {
  const list = args.findIndex(({ type }) => bareType(type).id === 'Array')
  if (list < 1 || !isInteger(args[list - 1].type)) throw badArgument(name, Math.max(0, list - 1), args[Math.max(0, list - 1)].type)
  return args[list].type
}, (args, type, rowCount, context, lambda) => {
  const arrays = args.slice(1).map((arg) => asArray(arg, rowCount, context))
  const [lists] = arrays
  const rowOf = context.account.u32(lists.offsets[rowCount])
  for (let row = 0; row < rowCount; row++) rowOf.fill(row, lists.offsets[row], lists.offsets[row + 1])
  const by = lambda === null ? lists.values : lambda(arrays.map((list) => list.values), rowOf, rowOf.length)
  const places = Uint32Array.from({ length: rowOf.length }, (_, i) => i)
  for (let row = 0; row < rowCount; row++) {
    places.subarray(lists.offsets[row], lists.offsets[row + 1]).sort((a, b) => compareAt(by, a, by, b, direction) * direction)
  }
  return arrayVector(type, lists.offsets, take(lists.values, places, places.length, context.account))
}, { nulls: 'own', lambdaParameters: (args) => args.slice(1).map((arg, i) => elementOf(name, i + 2, arg.type)) })

function castType(name: string, args: readonly ArgInfo[]): DataType {
  return parseDataType(String(constantInfo(name, args, 1)))
}

/** NULL where a number is another one after the cast. */
const exact = (from: Value, to: Value, isNumeric: boolean): Value =>
  (isNumeric && from !== to && to !== null && numberText(from) !== numberText(to) ? null : to)

/** Whole numbers digit by digit, so that a Float64 beside an Int64 is seen as what it is. */
const numberText = (value: Value): string => {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) return String(BigInt(value))
  return String(typeof value === 'boolean' ? Number(value) : value)
}

/** One byte a row: 1 where either is NULL or the numbers differ (NaN does not differ from NaN). */
function unlike(from: NumberVector, to: NumberVector, account: MemoryAccount): Uint8Array {
  const nulls = account.u8(from.length)
  for (let row = 0; row < nulls.length; row++) {
    const a = from.values[row]
    const b = to.values[row]
    const isSame = a === b || (Number.isNaN(a) && Number.isNaN(b))
    nulls[row] = isSame && from.nulls?.[row] !== 1 && to.nulls?.[row] !== 1 ? 0 : 1
  }
  return nulls
}

/** The rows cast one by one, NULL where one cannot be: some casts refuse a value, some a type. */
function castEach(vector: Vector, type: DataType, rowCount: number, context: EvalContext): Vector {
  const one = (row: number): Value => {
    try {
      const value = { ...pick([vector], null, Uint32Array.of(row), 1, vector.type, context.account), isConst: false }
      return valueAt(castVector(value, type, context, 'null'), 0)
    } catch (error) {
      if (error instanceof FunctionError) return null
      throw error
    }
  }
  return vectorOf(Array.from({ length: rowCount }, (_, row) => one(vector.isConst ? 0 : row)), type, context.account)
}

function castOrNulls(vector: Vector, type: DataType, rowCount: number, context: EvalContext): Vector {
  try {
    return castVector(vector, type, context, 'null')
  } catch (error) {
    if (error instanceof FunctionError) return castEach(vector, type, rowCount, context)
    throw error
  }
}

function nullableCastType(args: readonly ArgInfo[]): DataType {
  const type = bareType(castType('accurateCastOrNull', args))
  if (isNullable(nullableIfPossible(type))) return nullableOf(type)
  throw new FunctionError(`accurateCastOrNull makes no ${type.name}: it cannot be NULL`, 'ILLEGAL_TYPE_OF_ARGUMENT')
}

const castOrNull = define('accurateCastOrNull', [2, 2], nullableCastType,
  ([a], type, rowCount, context) => {
    const tried = castOrNulls(a, type, rowCount, context)
    if (!isNumber(bareType(a.type)) || !isNumber(bareType(type))) return tried
    if (a.kind === 'number' && tried.kind === 'number' && !a.isConst) {
      return { ...tried, nulls: unlike(a, tried, context.account) }
    }
    return vectorOf(Array.from({ length: rowCount }, (_, row) => exact(valueAt(a, row), valueAt(tried, row), true)),
      type, context.account)
  }, { nulls: 'own' })

/** A value that the type does not hold is refused, or replaced. */
const accurate = (name: string, most: number, isRefused: boolean, onBad: OnBadText = 'null'): FunctionDef => define(name, [2, most], (args) => castType(name, args),
  ([a, , other], type, rowCount, context) => {
    const isNumeric = isNumber(bareType(a.type)) && isNumber(bareType(type))
    const tried = castVector(a, nullableIfPossible(type), context, onBad)
    return vectorOf(Array.from({ length: rowCount }, (_, row) => {
      const value = exact(valueAt(a, row), valueAt(tried, row), isNumeric)
      if (value !== null || (valueAt(a, row) === null && isNullable(type))) return value
      if (isRefused) {
        throw new FunctionError(`Value in column ${a.type.name} cannot be safely converted into type ${type.name}`,
          isString(bareType(a.type)) && isNumber(bareType(type)) ? 'CANNOT_PARSE_TEXT' : 'CANNOT_CONVERT_TYPE')
      }
      return other === undefined ? typeDefault(type) : valueAt(castVector(other, type, context), row)
    }), type, context.account)
  }, { nulls: isRefused ? 'own' : 'propagate' })

const CAST_OR_DEFAULT = accurate('accurateCastOrDefault', 3, false)
/** What toXOrDefault is. */
export const TO_OR_DEFAULT = accurate('accurateCastOrDefault', 3, false, 'basicNull')

export const ARRAY_FOLD: readonly FunctionDef[] = [
  arrayFold, partialSort('arrayPartialSort', 1), partialSort('arrayPartialReverseSort', -1),
  castOrNull, accurate('accurateCast', 2, true), CAST_OR_DEFAULT,
]
