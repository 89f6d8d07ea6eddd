// Casts that must be exact: accurateCast, accurateCastOrNull, accurateCastOrDefault.

import { bareType, isNullable, nullableOf, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { NumberVector, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { castVector, type OnBadText } from '../values/cast.ts'
import { constantInfo, define } from './define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { isNumber, isString, nullableIfPossible } from '../values/types.ts'
import type { Value } from '../values/value.ts'
import { typeDefault, valueAt, vectorOf } from '../values/values.ts'
import { pick } from '../values/vectors.ts'

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

/** The type asked for, where a cast that fails can say so by NULL. */
function fallibleCastType(name: string, args: readonly ArgInfo[]): DataType {
  const type = castType(name, args)
  if (isNullable(nullableIfPossible(type))) return type
  throw new FunctionError(`${name} makes no ${type.name}: it cannot be NULL`, 'ILLEGAL_TYPE_OF_ARGUMENT')
}

/** NULL in place of what the type does not hold: beside the type's own NULLs, or in a type that has them. */
function orNullType(args: readonly ArgInfo[]): DataType {
  const name = 'accurateCastOrNull'
  const type = fallibleCastType(name, args)
  if (isNullable(type)) return type
  if (type.id !== 'LowCardinality') return nullableOf(type)
  throw new FunctionError(`${name} makes no ${type.name}: it cannot be NULL`, 'ILLEGAL_TYPE_OF_ARGUMENT')
}

const castOrNull = define('accurateCastOrNull', [2, 2], orNullType,
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
const accurate = (name: string, most: number, isRefused: boolean, onBad: OnBadText = 'null'): FunctionDef => define(name, [2, most], (args) => (isRefused ? castType : fallibleCastType)(name, args),
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
  }, { nulls: 'own' })

/** What toXOrDefault is. */
export const TO_OR_DEFAULT = accurate('accurateCastOrDefault', 3, false, 'basicNull')

export const ACCURATE_CASTS: readonly FunctionDef[] = [
  castOrNull, accurate('accurateCast', 2, true), accurate('accurateCastOrDefault', 3, false),
]
