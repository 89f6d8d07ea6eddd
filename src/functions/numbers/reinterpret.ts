// Bytes read as another type: reinterpretAsX, reinterpret(x, 'T'), toFixedString.
// Invariant: bytes are little-endian; what is short is filled with zeros, what is long is cut.

import {
  bareType, DATE, DATETIME, FLOAT32, FLOAT64, INT128, INT16, INT256, INT32, INT64, INT8, STRING, UINT128, UINT16, UINT256, UINT32,
  UINT64, UINT8, UUID,
  type DataType,
} from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { ArrayVector, Vector } from '../../../storage/column/vector.ts'
import { castVector } from '../values/cast.ts'
import { badArgument, constantInfo, define } from '../base/define.ts'
import { bytesBy } from '../base/define-text.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { memoryReader, memoryWidth, valueOfMemory } from '../base/memory-bytes.ts'
import { isNumber, isString, isTemporal } from '../values/types.ts'
import { vectorOf } from '../values/values.ts'
import { slotOf } from '../values/vectors.ts'

const isReadable = (type: DataType): boolean => isString(type) || isNumber(type) || isTemporal(type)
  || ['Decimal', 'UUID', 'IPv4', 'IPv6', 'Enum8', 'Enum16', 'Interval'].includes(type.id)

/** Elements of a fixed size, one behind the other. */
const isListOfFixed = (type: DataType): boolean => type.id === 'Array' && memoryWidth(type.args[0]) > 0 && !isString(type.args[0])

function listReader(lists: ArrayVector, context: EvalContext): (row: number) => Uint8Array {
  const read = memoryReader(lists.values, context)
  return (row) => {
    const slot = slotOf(lists, row)
    return Buffer.concat(Array.from({ length: lists.offsets[slot + 1] - lists.offsets[slot] }, (_, i) => read(lists.offsets[slot] + i)))
  }
}

function reinterpreted(vector: Vector, type: DataType, rowCount: number, context: EvalContext): Vector {
  const read = vector.kind === 'array' ? listReader(vector, context) : memoryReader(vector, context)
  if (type.id === 'FixedString') return bytesBy(type, rowCount, context, read)
  if (!isString(type)) {
    return vectorOf(Array.from({ length: rowCount }, (_, row) => valueOfMemory(read(row), type)), type, context.account)
  }
  if (vector.kind === 'array') return bytesBy(type, rowCount, context, read)
  return bytesBy(type, rowCount, context, (row) => {
    const bytes = read(row)
    let end = bytes.length
    while (end > 0 && bytes[end - 1] === 0) end--
    return bytes.subarray(0, end)
  })
}

const as = (name: string, type: DataType): FunctionDef => define(`reinterpretAs${name}`, [1, 1], ([a]) => {
  if (!isReadable(a.type) && !(type === STRING && isListOfFixed(a.type))) throw badArgument(`reinterpretAs${name}`, 0, a.type)
  return type
}, ([a], result, rowCount, context) => reinterpreted(a, result, rowCount, context))

function refuseFixed(from: DataType, length: number): void {
  if (from.id === 'String' || memoryWidth(from) === 0) {
    throw new FunctionError(`Cannot reinterpret ${from.name} as FixedString because it is not fixed size and contiguous in memory`)
  }
  if (memoryWidth(from) !== length) {
    throw new FunctionError(`Cannot reinterpret ${from.name} as FixedString(${length}): they differ in size`)
  }
}

/** The bytes of a value, all of them. */
const asFixedString = define('reinterpretAsFixedString', [1, 1], ([a]) => {
  refuseFixed(a.type, memoryWidth(a.type))
  return parseDataType(`FixedString(${memoryWidth(a.type)})`)
}, ([a], type, rowCount, context) => reinterpreted(a, type, rowCount, context))

const reinterpret = define('reinterpret', [2, 2], ([a, name]) => {
  if (!isReadable(a.type)) throw badArgument('reinterpret', 0, a.type)
  const type = parseDataType(String(constantInfo('reinterpret', [a, name], 1)))
  if (!isReadable(bareType(type))) {
    throw new FunctionError(`Cannot reinterpret ${a.type.name} as ${type.name}`, 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  if (type.id === 'FixedString') refuseFixed(a.type, type.length)
  return type
}, ([a], type, rowCount, context) => reinterpreted(a, type, rowCount, context))

const toFixedString = define('toFixedString', [2, 2], ([a, length]) => {
  if (!isString(a.type)) throw badArgument('toFixedString', 0, a.type)
  return parseDataType(`FixedString(${String(constantInfo('toFixedString', [a, length], 1))})`)
}, ([a], type, _rows, context) => castVector(a, type, context))

export const REINTERPRET: readonly FunctionDef[] = [
  ...[INT8, INT16, INT32, INT64, INT128, INT256, UINT8, UINT16, UINT32, UINT64, UINT128, UINT256, FLOAT32, FLOAT64, DATE, STRING,
    UUID].map((type) => as(type.name, type)),
  as('DateTime', DATETIME), asFixedString, reinterpret, toFixedString,
]
