// Bytes read as another type: reinterpretAsX, reinterpret(x, 'T'), toFixedString.
// Invariant: bytes are little-endian; what is short is filled with zeros, what is long is cut.

import {
  bareType, DATE, DATETIME, FLOAT32, FLOAT64, INT16, INT32, INT64, INT8, STRING, UINT16, UINT32, UINT64, UINT8,
  type DataType,
} from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { Value } from '../plan/plan.ts'
import { castVector } from './cast.ts'
import { badArgument, constantInfo, define } from './define.ts'
import { bytesBy, bytesReader } from './define-text.ts'
import { FunctionError, type EvalContext, type FunctionDef } from './function.ts'
import { shrink } from './parse-value.ts'
import { isNumber, isString, isTemporal, numberInfo } from './types.ts'
import { vectorOf } from './values.ts'

const WIDTHS: Readonly<Record<string, number>> = { Date: 2, Date32: 4, DateTime: 4, DateTime64: 8, Bool: 1 }
const widthOf = (type: DataType): number => numberInfo(type)?.bytes ?? WIDTHS[type.id] ?? 8

/** Row r's value as its bytes in memory. */
function memoryReader(vector: Vector, context: EvalContext): (row: number) => Uint8Array {
  if (vector.kind !== 'number' && vector.kind !== 'big') return bytesReader(vector, context)
  const { values, isConst } = vector
  const width = widthOf(vector.type)
  const isFloat = numberInfo(vector.type)?.isFloat === true
  return (row) => {
    const value = values[isConst ? 0 : row]
    const view = new DataView(new ArrayBuffer(8))
    if (!isFloat) view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true)
    else if (width === 4) view.setFloat32(0, Number(value), true)
    else view.setFloat64(0, Number(value), true)
    return new Uint8Array(view.buffer, 0, width)
  }
}

/** The value that bytes are in a type. */
function valueOf(bytes: Uint8Array, type: DataType): Value {
  const view = new DataView(new ArrayBuffer(8))
  const width = widthOf(type)
  new Uint8Array(view.buffer).set(bytes.subarray(0, width))
  if (numberInfo(type)?.isFloat === true) return width === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true)
  const whole = view.getBigUint64(0, true)
  const isSigned = numberInfo(type)?.isSigned === true || type.id === 'Date32' || type.id === 'DateTime64'
  return shrink(isSigned ? BigInt.asIntN(width * 8, whole) : whole)
}

const isReadable = (type: DataType): boolean => isString(type) || isNumber(type) || isTemporal(type)

function reinterpreted(vector: Vector, type: DataType, rowCount: number, context: EvalContext): Vector {
  const read = memoryReader(vector, context)
  if (!isString(type)) {
    return vectorOf(Array.from({ length: rowCount }, (_, row) => valueOf(read(row), type)), type, context.account)
  }
  return bytesBy(type, rowCount, context, (row) => {
    const bytes = read(row)
    let end = bytes.length
    while (end > 0 && bytes[end - 1] === 0) end--
    return bytes.subarray(0, end)
  })
}

const as = (name: string, type: DataType): FunctionDef => define(`reinterpretAs${name}`, [1, 1], ([a]) => {
  if (!isReadable(a.type)) throw badArgument(`reinterpretAs${name}`, 0, a.type)
  return type
}, ([a], result, rowCount, context) => reinterpreted(a, result, rowCount, context))

const reinterpret = define('reinterpret', [2, 2], ([a, name]) => {
  if (!isReadable(a.type)) throw badArgument('reinterpret', 0, a.type)
  const type = parseDataType(String(constantInfo('reinterpret', [a, name], 1)))
  if (type.id === 'FixedString' || !isReadable(bareType(type))) {
    throw new FunctionError(`not supported yet: reinterpret as ${type.name}`, 'NOT_IMPLEMENTED')
  }
  return type
}, ([a], type, rowCount, context) => reinterpreted(a, type, rowCount, context))

const toFixedString = define('toFixedString', [2, 2], ([a, length]) => {
  if (!isString(a.type)) throw badArgument('toFixedString', 0, a.type)
  return parseDataType(`FixedString(${String(constantInfo('toFixedString', [a, length], 1))})`)
}, ([a], type, _rows, context) => castVector(a, type, context))

export const REINTERPRET: readonly FunctionDef[] = [
  ...[INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT32, FLOAT64, DATE, STRING].map((type) => as(type.name, type)),
  as('DateTime', DATETIME), reinterpret, toFixedString,
]
